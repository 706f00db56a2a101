package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A producer on a network and a clock by hand; it knows the route of "orders". */
final class ProducerBed {

  static final Duration TIMEOUT = Duration.ofSeconds(3);
  static final Duration LINGER = Duration.ofMillis(5);
  static final int BATCH_BYTES = 1_000;

  final ManualTimer timer = new ManualTimer();
  final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE));
  final FakeRoutes names = new FakeRoutes(network).with("orders", 4, "a");
  final Routes routes = names.routes(timer);
  final Presence presence =
      new Presence(network, timer, routes, "me", Duration.ofSeconds(30), TIMEOUT);
  final OpenRequests openRequests =
      new OpenRequests(new WaitingReplies(), timer, TestMachine.REAL.chance(), routes, presence);

  ProducerBed() {
    routes.find("orders");
  }

  GroupProducer producer(Duration linger, long maxInFlightBytes) {
    return producer(timer, TIMEOUT, linger, maxInFlightBytes);
  }

  GroupProducer producer(
      Timer clock, Duration sendTimeout, Duration linger, long maxInFlightBytes) {
    GroupProducer producer = new GroupProducer(
        new ClientParts(
            new Cluster(
                TestMachine.REAL.loops(),
                network,
                clock,
                routes,
                presence,
                new ServerRequests((header, body) -> {}),
                new BlockingCalls(TestMachine.REAL.loops(), network),
                TIMEOUT),
            new Sender(network, clock, routes),
            openRequests,
            new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, InstantSource.system())),
        new ProducerSettings(
            "shop", sendTimeout, 0, maxInFlightBytes, linger, BATCH_BYTES, BodyCompression.NONE),
        closed -> {});
    producer.start();
    return producer;
  }

  GroupProducer producer() {
    return producer(Duration.ZERO, 1 << 20);
  }

  static Message message(int bytes) {
    return Message.to("orders").body(new byte[bytes]);
  }

  List<SentRequest> singles() {
    return network.sent(RequestCode.SEND_MESSAGE_V2);
  }

  List<SentRequest> batches() {
    return network.sent(RequestCode.SEND_BATCH_MESSAGE);
  }

  static Answer stored(String ids) {
    return FakeNetwork.ok(new SendResponseHeader(ids, 0, 40, null, null, "r", true));
  }

  static Throwable failure(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    assertThat(future).isCompletedExceptionally();
    return future.handle((result, failure) -> failure).join(); // as a callback sees it
  }
}
