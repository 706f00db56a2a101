package io.escrowmq.remoting;

import static io.escrowmq.remoting.ContractPeers.ECHO;
import static io.escrowmq.remoting.ContractPeers.FAIL;
import static io.escrowmq.remoting.ContractPeers.NOTE;
import static io.escrowmq.remoting.ContractPeers.PARK;
import static io.escrowmq.remoting.ContractPeers.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.HeaderBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be relied upon, whatever carries the bytes: requests, answers, bodies. */
abstract class NetworkContract extends ServingContract {

  // Order

  @Test
  void shouldHandOverRequestsOfOneThreadInTheirOrderFromTheFirstOneOn() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    int most = 300;

    // when
    for (int number = 0; number < most; number++) {
      if (number % 3 == 0) {
        client.notify(address, request(NOTE, number));
      } else {
        client.call(address, request(ECHO, number), LONG);
      }
      if (number == most / 2) { // the first half waits for the connection
        until(() -> peers.arrived.size() > most / 2);
      }
    }

    // then
    until(() -> peers.arrived.size() == most);
    assertThat(List.copyOf(peers.arrived))
        .isEqualTo(IntStream.range(0, most).boxed().toList());
  }

  @Test
  void shouldKeepTheOrderOfLargeRequestsAndSmallOnes() {
    // given
    String address = text(server().address());
    RemotingClient client = client();

    // when
    for (int number = 0; number < 12; number++) {
      int length = number % 2 == 0 ? 1 << 20 : 1;
      client.notify(address, request(NOTE, number, Body.of(new byte[length])));
    }

    // then
    until(() -> peers.arrived.size() == 12);
    assertThat(List.copyOf(peers.arrived))
        .isEqualTo(IntStream.range(0, 12).boxed().toList());
  }

  /** Handlers send over another connection of their event loop, far more than is gathered at once. */
  @Test
  void shouldKeepTheOrderOfWhatAnEventLoopSends() {
    // given
    ContractPeers listener = new ContractPeers();
    CompletableFuture<Connection> to = new CompletableFuture<>();
    AtomicInteger sent = new AtomicInteger();
    RequestTable table = RequestTable.of(
        RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
          to.complete(call.connection());
          call.reply(Reply.ok());
        }),
        RequestTable.on(NOTE, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
          int number = sent.getAndIncrement();
          to.join().notify(request(NOTE, number, Body.of(new byte[number % 7 * (48 << 10)])));
        }));
    String address = text(server(table, RemotingSettings.forServer(1)).address());
    answer(client(listener.requests, RemotingSettings.forClient())
        .call(address, request(ECHO, 0), LONG));
    int clients = 4;
    int each = 40;

    // when
    for (int i = 0; i < clients; i++) {
      RemotingClient busy = client();
      for (int number = 0; number < each; number++) {
        busy.notify(address, request(NOTE, number, Body.of(new byte[number % 5 * 1000])));
      }
    }

    // then
    until(() -> listener.arrived.size() == clients * each);
    assertThat(List.copyOf(listener.arrived))
        .isEqualTo(IntStream.range(0, clients * each).boxed().toList());
  }

  @Test
  void shouldTakeAnswersInAnyOrder() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    List<CompletionStage<Answer>> calls = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      calls.add(client.call(address, request(PARK, number), LONG));
    }
    until(() -> peers.parked.size() == 3);
    List<Call> parked = new ArrayList<>(peers.parked);

    // when, then
    for (int number = 2; number >= 0; number--) {
      parked.get(number).reply(Reply.ok(new byte[] {(byte) number}));
      assertThat(answer(calls.get(number)).body()).containsExactly(number);
    }
  }

  // How calls end

  @Test
  void shouldEndACallAtItsDeadlineAndDropALateAnswer() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    answer(client.call(address, request(ECHO, 0), LONG));
    AtomicInteger ends = new AtomicInteger();
    CompletionStage<Answer> longer = client.call(address, request(PARK, 1), LONG);

    // when
    CompletionStage<Answer> call = client
        .call(address, request(PARK, 2), SHORT)
        .whenComplete((given, failure) -> ends.incrementAndGet());

    // then
    assertReason(call, Reason.TIMED_OUT);
    assertThat(longer.toCompletableFuture()).isNotDone();
    until(() -> peers.parked.size() == 2);
    peers.parked.forEach(late -> late.reply(Reply.ok()));
    assertThat(answer(longer).isOk()).isTrue();
    assertThat(answer(client.call(address, request(ECHO, 3), LONG)).isOk()).isTrue();
    assertThat(ends).hasValue(1);
  }

  @Test
  void shouldFailPendingCallsWhenThePeerClosesAndConnectAgain() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    CompletionStage<Answer> pending = client.call(address, request(PARK, 1), LONG);
    until(() -> peers.parked.size() == 1);

    // when
    peers.connection().close();

    // then
    assertReason(pending, Reason.CONNECTION_CLOSED);
    assertThat(answer(client.call(address, request(ECHO, 2), LONG)).isOk()).isTrue();
  }

  @Test
  void shouldFailPendingCallsOfTheSideThatClosesAndLaterOnes() {
    // given
    String address = text(server().address());
    ContractPeers asked = new ContractPeers();
    RemotingClient client = client(asked.requests, RemotingSettings.forClient());
    answer(client.call(address, request(ECHO, 1), LONG));
    Connection connection = peers.connection();
    CompletionStage<Answer> pending = connection.call(request(PARK, 2), LONG);
    until(() -> asked.parked.size() == 1);

    // when
    connection.close();

    // then
    assertReason(pending, Reason.CONNECTION_CLOSED);
    assertReason(connection.call(request(ECHO, 3), LONG), Reason.NOT_CONNECTED);
    connection.notify(request(NOTE, 4));
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void shouldFailEverythingOnceTheClientIsClosed() {
    String address = text(server().address());
    RemotingClient client = client();
    CompletionStage<Answer> pending = client.call(address, request(PARK, 1), LONG);
    until(() -> peers.parked.size() == 1);

    client.close();

    assertReason(pending, Reason.CONNECTION_CLOSED);
    assertReason(client.call(address, request(ECHO, 2), LONG), Reason.NOT_CONNECTED);
  }

  @Test
  void shouldSayWhenItCannotConnect() {
    RemotingServer server = server();
    String address = text(server.address());
    server.close();
    RemotingClient client = client();

    assertReason(client.call(address, request(ECHO, 1), LONG), Reason.NOT_CONNECTED);
    assertReason(client.call("nowhere", request(ECHO, 2), LONG), Reason.NOT_CONNECTED);
  }

  @Test
  void shouldRefuseMoreCallsThanMayWait() {
    // given
    String address = text(server().address());
    RemotingClient client = client(RequestTable.of(), withMaxPending(2));
    answer(client.call(address, request(ECHO, 0), LONG));

    // when
    CompletionStage<Answer> first = client.call(address, request(PARK, 1), LONG);
    CompletionStage<Answer> second = client.call(address, request(PARK, 2), LONG);
    CompletionStage<Answer> third = client.call(address, request(PARK, 3), LONG);

    // then
    assertReason(third, Reason.TOO_MANY_PENDING);
    until(() -> peers.parked.size() == 2);
    peers.parked.forEach(call -> call.reply(Reply.ok()));
    assertThat(answer(first).isOk()).isTrue();
    assertThat(answer(second).isOk()).isTrue();
    assertThat(answer(client.call(address, request(ECHO, 4), LONG)).isOk()).isTrue();
  }

  @Test
  void shouldRefuseWhatFitsNoFrameAndKeepTheConnection() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    int most = RemotingSettings.DEFAULT_MAX_FRAME_BYTES;

    // when
    CompletionStage<Answer> tooLarge =
        client.call(address, request(ECHO, 1, Body.of(new byte[most])), LONG);

    // then
    assertReason(tooLarge, Reason.NOT_WRITABLE);
    assertThat(answer(client.call(address, request(ECHO, 2), LONG)).isOk()).isTrue();
    assertThat(List.copyOf(peers.arrived)).containsExactly(2);
  }

  // Headers and bodies

  @ParameterizedTest
  @EnumSource
  void shouldBeAnsweredWithHeadersLikeItsOwn(HeaderEncoding encoding) {
    RemotingClient client =
        client(RequestTable.of(), RemotingSettings.forClient().withRequestHeaders(encoding));

    Answer answer = answer(client.call(text(server().address()), request(ECHO, 7), LONG));

    assertThat(answer.version()).isEqualTo(HeaderBuffer.VERSION);
    assertThat(answer.fields().requiredInt("version")).isEqualTo(HeaderBuffer.VERSION);
    assertThat(answer.fields().requiredInt("number")).isEqualTo(7);
    assertThat(answer.body()).containsExactly(7);
  }

  @Test
  void shouldReleaseEveryBodyOnceSentOrNot() {
    // given
    String address = text(server().address());
    RemotingClient client = client(RequestTable.of(), withMaxPending(1));
    int tooLarge = RemotingSettings.DEFAULT_MAX_FRAME_BYTES;

    // when
    answer(client.call(address, request(ECHO, 1, peers.counted(1)), LONG));
    client.notify(address, request(NOTE, 2, peers.counted(1)));
    assertReason(
        client.call(address, request(ECHO, 3, peers.counted(tooLarge)), LONG), Reason.NOT_WRITABLE);
    assertReason(
        client.call(address, request(ECHO, 4, peers.counted(9, 8)), LONG), Reason.NOT_WRITABLE);
    CompletionStage<Answer> parked = client.call(address, request(PARK, 5, peers.counted(1)), LONG);
    assertReason(
        client.call(address, request(ECHO, 6, peers.counted(1)), LONG), Reason.TOO_MANY_PENDING);
    assertReason(
        client.call("nowhere", request(ECHO, 7, peers.counted(1)), LONG), Reason.NOT_CONNECTED);
    until(() -> peers.parked.size() == 1);
    peers.parked.element().reply(Reply.ok(WireHeader.NONE, peers.counted(1)));
    peers.parked.element().reply(Reply.ok(WireHeader.NONE, peers.counted(1)));

    // then
    assertThat(answer(parked).isOk()).isTrue();
    assertThat(answer(client.call(address, request(ECHO, 8), LONG)).isOk()).isTrue();
    assertThat(peers.releases).hasValue(9);
    assertThat(List.copyOf(peers.arrived)).containsExactly(1, 2, 5, 8);
  }

  @Test
  void shouldReleaseAnswersToAConnectionThatIsClosed() {
    // given
    String address = text(server().address());
    client().notify(address, request(NOTE, 0));
    client().call(address, request(PARK, 1), LONG);
    until(() -> peers.parked.size() == 1);
    Call call = peers.parked.element();

    // when
    call.connection().close();
    until(() -> !call.connection().isOpen());
    call.reply(Reply.ok(WireHeader.NONE, peers.counted(1)));

    // then
    until(() -> peers.releases.get() == 1);
    assertThat(peers.writes).hasValue(0);
  }

  @Test
  void shouldTakeTheBodyOfARequestAwayWhenItsHandlerReturns() {
    client().call(text(server().address()), request(PARK, 1), LONG);
    until(() -> peers.parked.size() == 1);

    until(() -> {
      try {
        return peers.parked.element().body() == null;
      } catch (IllegalStateException gone) {
        return true;
      }
    });
  }

  // Handlers

  @Test
  void shouldAnswerForAHandlerThatFailsAndGoOn() {
    // given
    RemotingServer server = server();
    String address = text(server.address());
    RemotingClient client = client();

    // when
    Answer failed = answer(client.call(address, request(FAIL, 1), LONG));
    Answer bad = answer(client.call(address, Request.of(ECHO, WireHeader.NONE), LONG));
    Answer unknown =
        answer(client.call(address, Request.of(RequestCode.POP_MESSAGE, WireHeader.NONE), LONG));

    // then
    assertThat(failed.code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(failed.remark()).contains("QUERY_MESSAGE", "IllegalStateException");
    assertThat(bad.isOk()).isFalse();
    assertThat(bad.remark()).contains("number", "SEND_MESSAGE");
    assertThat(unknown.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED.number());
    assertThat(answer(client.call(address, request(ECHO, 2), LONG)).body()).containsExactly(2);
    assertThat(server.counts().failedHandlers()).isEqualTo(1);
    assertThat(Set.copyOf(peers.connections)).as("one connection").hasSize(1);
  }

  @Test
  void shouldSayThatAnAnswerCannotBeWrittenAndGoOn() {
    // given
    RemotingSettings settings = RemotingSettings.forServer(2);
    String address = text(server().address());
    RemotingClient client = client();
    CompletionStage<Answer> broken = client.call(address, request(PARK, 1), LONG);
    CompletionStage<Answer> tooLong = client.call(address, request(PARK, 2), LONG);
    until(() -> peers.parked.size() == 2);

    // when
    peers.parked.remove().reply(Reply.ok(WireHeader.NONE, peers.counted(10, 1)));
    peers.parked.remove().reply(Reply.ok(new byte[settings.maxFrameBytes()]));

    // then
    assertThat(answer(broken).code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(answer(broken).body()).isEmpty();
    assertThat(answer(tooLong).code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(answer(tooLong).remark())
        .contains("too long", Integer.toString(settings.maxFrameBytes()), "ask for less");
    assertThat(answer(client.call(address, request(ECHO, 3), LONG)).isOk()).isTrue();
    assertThat(peers.releases).hasValue(1);
  }
}
