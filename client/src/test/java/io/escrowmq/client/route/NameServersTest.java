package io.escrowmq.client.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NameServersTest {

  private static final Request ASK =
      Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, WireHeader.NONE);

  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.GET_ROUTEINFO_BY_TOPIC, sent -> FakeNetwork.ok(WireHeader.NONE));
  private final NameServers servers =
      new NameServers(network, List.of("a:1", "b:1", "c:1"), Duration.ofSeconds(3));

  private List<String> asked() {
    return network.sent(RequestCode.GET_ROUTEINFO_BY_TOPIC).stream()
        .map(SentRequest::address)
        .toList();
  }

  @Test
  void shouldStayWithOneThatAnswers() {
    // when
    servers.ask(ASK);
    servers.ask(ASK);

    // then
    assertThat(asked()).containsExactly("a:1", "a:1");
  }

  @Test
  void shouldMoveOnWhenOneFailsAndStayThere() {
    // given
    network.down("a:1");
    network.down("b:1");

    // when
    boolean answered = servers.ask(ASK).toCompletableFuture().join().isOk();
    servers.ask(ASK);

    // then
    assertThat(answered).isTrue();
    assertThat(asked()).containsExactly("a:1", "b:1", "c:1", "c:1");
  }

  @Test
  void shouldFailWhenAllFailed() {
    // given
    List.of("a:1", "b:1", "c:1").forEach(network::down);

    // when
    boolean failed = servers.ask(ASK).toCompletableFuture().isCompletedExceptionally();

    // then
    assertThat(failed).isTrue();
    assertThat(asked()).containsExactly("a:1", "b:1", "c:1");
  }
}
