package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client of brokers on a real network of this machine. */
final class BrokerCalls implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RemotingClient client = TestNetwork.client();

  CompletableFuture<Answer> call(Broker broker, Request request) {
    return call(broker.address(), request);
  }

  CompletableFuture<Answer> call(InetSocketAddress broker, Request request) {
    return client.call("127.0.0.1:" + broker.getPort(), request, PATIENCE).toCompletableFuture();
  }

  /** Asks for messages of the topic "orders"; does not wait for any to come. */
  Answer pull(Broker broker, String group, int queueId, long offset) {
    return pull(broker.address(), group, queueId, offset);
  }

  Answer pull(InetSocketAddress broker, String group, int queueId, long offset) {
    PullMessageHeader header = new PullMessageHeader(
        group,
        "orders",
        queueId,
        offset,
        32,
        PullFlags.SUBSCRIPTION,
        0,
        0,
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    return call(broker, Request.of(RequestCode.PULL_MESSAGE, header)).join();
  }

  static void expectOk(Answer answer) {
    assertThat(answer.isOk()).as("%s: %s", answer.code(), answer.remark()).isTrue();
  }

  static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}
