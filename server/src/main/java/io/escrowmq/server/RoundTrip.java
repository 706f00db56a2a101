package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.server.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** One message there and back, over the wire, as any client would do it. */
final class RoundTrip implements AutoCloseable {

  /** Where a message went. */
  record Location(String broker, SendResponseHeader place) {

    @Override
    public String toString() {
      return "queue " + place.queueId() + ", offset " + place.queueOffset() + ", id "
          + place.messageId();
    }
  }

  private static final String TOPIC = "QuickStart";
  private static final String GROUP = "quickstart";
  private static final String TEMPLATE_TOPIC = "TBW102"; // what clients name for topics to be made
  private static final int QUEUES = 4;
  private static final long MASTER = 0;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RemotingClient client =
      new NettyNetwork().client(RequestTable.of(), RemotingSettings.forClient());
  private final Endpoint nameServer;

  RoundTrip(Endpoint nameServer) {
    this.nameServer = nameServer;
  }

  /** Asks the name server who takes new topics, and sends there. */
  Location send(String text) {
    Answer route = call(
        nameServer.toString(),
        Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, new GetRouteHeader(TEMPLATE_TOPIC, true)));
    String broker = brokerIn(route);
    SendMessageHeader header = new SendMessageHeader(
        GROUP,
        TOPIC,
        TEMPLATE_TOPIC,
        QUEUES,
        0,
        0,
        System.currentTimeMillis(),
        0,
        "",
        0,
        false,
        -1,
        false);
    Answer stored = call(
        broker, new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of(text.getBytes(UTF_8))));
    return new Location(broker, SendResponseHeader.FIELDS.read(stored.fields()));
  }

  /** Joins a consumer group, and pulls from the place that the broker named. */
  String receive(Location sent) {
    Heartbeat heartbeat = new Heartbeat(
        "quickstart@" + ProcessHandle.current().pid(),
        List.of(new ConsumerEntry(
            GROUP,
            "CONSUME_ACTIVELY",
            "CLUSTERING",
            "CONSUME_FROM_FIRST_OFFSET",
            List.of(),
            false)),
        List.of(GROUP),
        0,
        false);
    call(sent.broker(), new Request(RequestCode.HEART_BEAT, WireHeader.NONE, heartbeat.toBody()));
    PullMessageHeader header = new PullMessageHeader(
        GROUP,
        TOPIC,
        sent.place().queueId(),
        sent.place().queueOffset(),
        1,
        PullFlags.SUBSCRIPTION,
        0,
        0,
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    Answer pulled = call(sent.broker(), Request.of(RequestCode.PULL_MESSAGE, header));
    return UTF_8.decode(MessageView.of(pulled.body()).body()).toString();
  }

  private static String brokerIn(Answer route) {
    return TopicRoute.read(route.body()).brokers().stream()
        .map(broker -> broker.addresses().get(MASTER))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new StartupException("The name server knows no broker."));
  }

  private Answer call(String address, Request request) {
    Answer answer;
    try {
      answer = client.call(address, request, PATIENCE).toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          request.code() + " to " + address + " failed: " + why.getMessage(), e);
    }
    if (!answer.isOk()) {
      throw new StartupException(request.code() + " to " + address + " was refused with code "
          + answer.code() + ": " + answer.remark());
    }
    return answer;
  }

  @Override
  public void close() {
    client.close();
  }
}
