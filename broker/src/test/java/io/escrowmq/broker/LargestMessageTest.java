package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is taken can be pulled: the largest message, with the longest properties, over the network. */
class LargestMessageTest {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int LONGEST_PROPERTIES = 32_000; // with what the broker adds

  private final Broker broker = new Broker(
      BrokerSettingsTest.withMaxMessageBytes(BrokerSettings.MOST_MESSAGE_BYTES),
      new Machine<>(new SimulatedFileSystem(1), TestNetwork.REAL, TestMachine.REAL));
  private final RemotingClient client = TestNetwork.client();

  @AfterEach
  void stop() {
    client.close();
    broker.close();
  }

  @Test
  void shouldTakeAndDeliverIt() {
    // given
    broker.start();

    // when
    Answer sent = send(BrokerSettings.MOST_MESSAGE_BYTES);
    Answer tooLarge = send(BrokerSettings.MOST_MESSAGE_BYTES + 1);
    Answer pulled = ask(
        RequestCode.PULL_MESSAGE,
        new PullMessageHeader(
            "group", "large", 0, 0, 32, PullFlags.SUBSCRIPTION, 0, 0, "*", 0, "TAG", 1 << 30),
        Body.EMPTY);

    // then
    assertThat(sent.isOk()).as(sent.remark()).isTrue();
    assertThat(tooLarge.code()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL.number());
    assertThat(pulled.isOk()).as(pulled.remark()).isTrue();
    assertThat(pulled.body().length)
        .isGreaterThan(BrokerSettings.MOST_MESSAGE_BYTES + LONGEST_PROPERTIES);
  }

  private Answer send(int bodyBytes) {
    SendMessageHeader header = new SendMessageHeader(
        "producers",
        "large",
        "TBW102",
        1,
        0,
        0,
        0,
        0,
        "k\u0001" + "\u0003".repeat(LONGEST_PROPERTIES),
        0,
        false,
        -1,
        false);
    return ask(RequestCode.SEND_MESSAGE_V2, header, Body.of(new byte[bodyBytes]));
  }

  private Answer ask(RequestCode code, WireHeader header, Body body) {
    InetSocketAddress address = broker.address();
    return client
        .call(
            address.getAddress().getHostAddress() + ":" + address.getPort(),
            new Request(code, header, body),
            DEADLINE)
        .toCompletableFuture()
        .join();
  }
}
