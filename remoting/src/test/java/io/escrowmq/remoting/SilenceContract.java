package io.escrowmq.remoting;

import static io.escrowmq.remoting.ContractPeers.ECHO;
import static io.escrowmq.remoting.ContractPeers.NOTE;
import static io.escrowmq.remoting.ContractPeers.PARK;
import static io.escrowmq.remoting.ContractPeers.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.RemotingException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What may be relied upon, whatever carries the bytes: whose connections are closed for their silence. */
abstract class SilenceContract extends NetworkBed {

  @Test
  void shouldCloseConnectionsThatAreSilentForTooLong() {
    String address = text(server(peers.requests, with(SHORT, SHORT, 100)).address());
    RemotingClient client = client();
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);

    answer(client.call(address, request(ECHO, 1), LONG));

    until(() -> lost.get() == 1);
    assertThat(peers.connection().isOpen()).isFalse();
  }

  @Test
  void shouldCloseConnectionsOfSilentPeersThoughItSendsItself() {
    String address = text(server(peers.requests, with(SHORT, SHORT, 100)).address());
    RemotingClient client = client();
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);

    answer(client.call(address, request(ECHO, 1), LONG));

    AtomicInteger looks = new AtomicInteger();
    until(() -> {
      if (looks.getAndIncrement() % 100 == 0) {
        peers.connection().notify(request(NOTE, 2));
      }
      return lost.get() == 1;
    });
    assertThat(peers.connection().isOpen()).isFalse();
  }

  @Test
  void shouldLeaveAConnectionOverWhichNoCallIsAnsweredAndTakeANewOne() {
    // given
    String address = text(server().address());
    RemotingClient client = client(peers.requests, with(LONG, SHORT, 100));
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);

    // when
    until(() -> {
      client.call(address, request(PARK, 1), SHORT);
      return lost.get() == 1;
    });

    // then
    assertThat(answer(client.call(address, request(ECHO, 2), LONG)).isOk()).isTrue();
  }

  @Test
  void shouldNotTakeForSilentAPeerThatWaitsForItsAnswers() {
    // given: the third request is not read
    String address = text(server(peers.requests, with(SHORT, LONG, 2)).address());
    RemotingClient client = client();
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);
    List<CompletionStage<Answer>> calls = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      calls.add(client.call(address, request(PARK, number), LONG));
    }
    until(() -> peers.parked.size() == 2);

    // when
    for (int round = 0; round < 3; round++) {
      closeAnotherForItsSilence(address);
    }

    // then
    assertThat(lost).hasValue(0);
    for (CompletionStage<Answer> call : calls) {
      until(() -> !peers.parked.isEmpty());
      peers.parked.remove().reply(Reply.ok());
      assertThat(answer(call).isOk()).isTrue();
    }
    until(() -> lost.get() == 1); // now it waits for nothing, and says nothing
  }

  private void closeAnotherForItsSilence(String address) {
    RemotingClient other = client();
    AtomicInteger lost = new AtomicInteger();
    other.onLost(address, lost::incrementAndGet);
    answer(other.call(address, request(ECHO, 9), LONG));
    until(() -> lost.get() == 1);
  }

  @Test
  void shouldKeepAConnectionWhoseAnswersItDoesNotReadWhileItOwesSome() {
    // given: behind two requests that wait here, answers of the server are not read
    String address = text(server().address());
    ContractPeers asked = new ContractPeers();
    RemotingClient client = client(asked.requests, with(LONG, SHORT, 2));
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);
    answer(client.call(address, request(ECHO, 0), LONG));
    List<CompletionStage<Answer>> calls = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      calls.add(peers.connection().call(request(PARK, number), LONG));
    }
    until(() -> asked.parked.size() == 2);

    // when
    for (int i = 0; i < 6; i++) {
      assertReason(client.call(address, request(ECHO, 1), SHORT), Reason.TIMED_OUT);
    }

    // then
    for (CompletionStage<Answer> call : calls) {
      until(() -> !asked.parked.isEmpty());
      asked.parked.remove().reply(Reply.ok());
      assertThat(answer(call).isOk()).isTrue();
    }
    assertThat(answer(client.call(address, request(ECHO, 2), LONG)).isOk()).isTrue();
    assertThat(lost).hasValue(0);
  }

  @Test
  void shouldReadOnceBeforeItCallsAPeerSilentThatDoesNotTakeWhatItSends() {
    // given: the server reads no more, and what the client sends fills the way
    String address = text(server(peers.requests, with(LONG, LONG, 1)).address());
    RemotingClient client = client(new ContractPeers().requests, with(LONG, SHORT, 100));
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, lost::incrementAndGet);
    CompletionStage<Answer> parked = client.call(address, request(PARK, 0), LONG);
    until(() -> peers.parked.size() == 1);
    for (int number = 1; number <= 4; number++) {
      client.notify(address, request(NOTE, number, Body.of(new byte[8 << 20])));
    }

    // when
    for (int i = 0; i < 6; i++) {
      peers.connection().notify(request(NOTE, i));
      assertReason(client.call(address, request(ECHO, 5), SHORT), Reason.TIMED_OUT);
    }

    // then
    peers.parked.remove().reply(Reply.ok());
    assertThat(answer(parked).isOk()).isTrue();
    assertThat(answer(client.call(address, request(ECHO, 6), LONG)).isOk()).isTrue();
    assertThat(lost).hasValue(0);
  }
}
