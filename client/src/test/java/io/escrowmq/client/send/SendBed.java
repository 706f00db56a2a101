package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A sender on a network and a clock by hand; it knows the route of "orders". */
final class SendBed {

  static final Duration TIMEOUT = Duration.ofSeconds(3);

  final ManualTimer timer = new ManualTimer();
  final FakeNetwork network = new FakeNetwork();
  final FakeRoutes names = new FakeRoutes(network).with("orders", 2, "a", "b");
  final Routes routes = names.routes(timer);
  final Sender sender = new Sender(network, timer, routes);

  SendBed() {
    routes.find("orders");
  }

  CompletionStage<Placement> send() {
    return send("orders", null);
  }

  CompletionStage<Placement> send(String topic, String orderingKey) {
    Outbound outbound = outbound(topic, orderingKey, (byte) 0);
    return sender.send(outbound, timer.nanoTime() + TIMEOUT.toNanos(), 2).toCompletableFuture();
  }

  static Outbound outbound(String topic, String orderingKey, byte content) {
    return new Outbound(
        "shop",
        topic,
        orderingKey,
        Outbound.Kind.MESSAGE,
        0,
        "UNIQ_KEY\u0001X1\u0002",
        Body.of(new byte[] {content}),
        7);
  }

  /** What was sent so far. */
  List<SentRequest> tries() {
    return network.sent(RequestCode.SEND_MESSAGE_V2);
  }

  static Answer stored(ResponseCode code, int queueId) {
    return FakeNetwork.answer(
        code, new SendResponseHeader("0A", queueId, 17, "X1", null, "r", true), new byte[0]);
  }

  static Throwable failure(CompletionStage<?> stage) {
    assertThat(stage).isCompletedExceptionally();
    return Failures.unwrapped(
        stage.handle((result, failure) -> failure).toCompletableFuture().join());
  }
}
