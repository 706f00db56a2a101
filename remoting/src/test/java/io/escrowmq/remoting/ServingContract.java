package io.escrowmq.remoting;

import static io.escrowmq.remoting.ContractPeers.ECHO;
import static io.escrowmq.remoting.ContractPeers.NOTE;
import static io.escrowmq.remoting.ContractPeers.PARK;
import static io.escrowmq.remoting.ContractPeers.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.RemotingException.Reason;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What may be relied upon, whatever carries the bytes: servers, connections, event loops. */
abstract class ServingContract extends SilenceContract {

  // Servers

  @Test
  void shouldTakeAFreePortAndKnowItBeforeTheFirstRequest() {
    // given
    AtomicReference<InetSocketAddress> told = new AtomicReference<>();
    RemotingServer server = here()
        .server(
            anyPort(),
            bound -> {
              told.set(bound);
              return peers.requests;
            },
            RemotingSettings.forServer(1));
    closeLater(server);

    // when
    server.start();

    // then
    assertThat(server.address().getPort()).isPositive();
    assertThat(told).hasValue(server.address());
    assertThat(answer(client().call(text(server.address()), request(ECHO, 1), LONG))
            .isOk())
        .isTrue();
    assertThat(server.counts().requests()).isEqualTo(1);
    assertThat(server.counts().openConnections()).isEqualTo(1);
  }

  @Test
  void shouldSayWhichAddressIsTaken() {
    RemotingServer first = server();
    InetSocketAddress taken = first.address();
    RemotingServer second = unstarted(taken, peers.requests, RemotingSettings.forServer(1));

    assertThatThrownBy(second::start)
        .isInstanceOf(RemotingException.class)
        .hasMessageStartingWith("cannot listen on " + text(taken) + ": ")
        .hasMessageEndingWith("choose another address, or stop what uses this one");
    assertThatThrownBy(() -> first.alsoListen(taken))
        .isInstanceOf(RemotingException.class)
        .hasMessageStartingWith("cannot listen on " + text(taken) + ": ");
  }

  @Test
  void shouldServeAFurtherAddressUntilItStopsAcceptingAndGoOnWithWhatIsOpen() {
    // given
    RemotingServer closed = server();
    InetSocketAddress further = closed.address();
    closed.close();
    RemotingServer server = server();
    server.alsoListen(further);
    List<String> addresses = List.of(text(server.address()), text(further));
    RemotingClient before = client();
    for (String address : addresses) {
      assertThat(answer(before.call(address, request(ECHO, 1), LONG)).isOk()).isTrue();
    }

    // when
    server.stopAccepting();

    // then
    for (String address : addresses) {
      assertThat(answer(before.call(address, request(ECHO, 2), LONG)).isOk()).isTrue();
      assertReason(client().call(address, request(ECHO, 3), LONG), Reason.NOT_CONNECTED);
    }
  }

  @Test
  void shouldGiveWhatWasAnsweredToTheNetworkBeforeItCloses() {
    // given
    RemotingServer server = server();
    CompletionStage<Answer> call = client().call(text(server.address()), request(PARK, 1), LONG);
    until(() -> peers.parked.size() == 1);

    // when
    peers.parked.element().reply(Reply.ok(new byte[] {7}));
    server.close();

    // then
    assertThat(answer(call).body()).containsExactly(7);
    peers.parked.element().reply(Reply.ok());
  }

  @Test
  void shouldReadNoMoreRequestsWhileTooManyAreUnanswered() {
    // given
    String address = text(server(peers.requests, withMaxPending(2)).address());
    RemotingClient client = client();
    List<CompletionStage<Answer>> calls = new ArrayList<>();

    // when
    for (int number = 0; number < 5; number++) {
      calls.add(client.call(address, request(PARK, number), LONG));
    }
    until(() -> peers.parked.size() == 2);
    for (int i = 0; i < 20; i++) { // others are served meanwhile
      answer(client().call(address, request(ECHO, 9), LONG));
    }

    // then
    assertThat(peers.parked).hasSize(2);
    for (CompletionStage<Answer> call : calls) {
      until(() -> !peers.parked.isEmpty());
      peers.parked.remove().reply(Reply.ok());
      assertThat(answer(call).isOk()).isTrue();
    }
  }

  // Connections

  @Test
  void shouldCarryRequestsOfTheServerToTheClientInTheirOrder() {
    // given
    ContractPeers asked = new ContractPeers();
    RemotingClient client = client(asked.requests, RemotingSettings.forClient());
    answer(client.call(text(server().address()), request(ECHO, 0), LONG));
    Connection connection = peers.connection();
    List<CompletionStage<Answer>> calls = new ArrayList<>();

    // when
    for (int number = 0; number < 100; number++) {
      if (number % 2 == 0) {
        connection.notify(request(NOTE, number));
      } else {
        calls.add(connection.call(request(ECHO, number), LONG));
      }
    }

    // then
    for (int i = 0; i < calls.size(); i++) {
      assertThat(answer(calls.get(i)).body()).containsExactly(2 * i + 1);
    }
    assertThat(List.copyOf(asked.arrived))
        .isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void shouldTellOfTheEndOnceAndAlsoWhoAsksLater() {
    // given
    answer(client().call(text(server().address()), request(ECHO, 1), LONG));
    Connection connection = peers.connection();
    AtomicInteger before = new AtomicInteger();
    AtomicInteger after = new AtomicInteger();
    connection.onClose(before::incrementAndGet);

    // when
    connection.close();
    connection.close();
    until(() -> before.get() > 0);
    connection.onClose(after::incrementAndGet);

    // then
    until(() -> after.get() > 0);
    assertThat(connection.isOpen()).isFalse();
    assertThat(before).hasValue(1);
    assertThat(after).hasValue(1);
  }

  @Test
  void shouldTellWheneverAConnectionToAnAddressIsLost() {
    // given
    String address = text(server().address());
    RemotingClient client = client();
    AtomicInteger others = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    client.onLost(address, others::incrementAndGet); // replaced
    client.onLost("127.0.0.1:1", others::incrementAndGet);
    client.onLost(address, lost::incrementAndGet);

    for (int round = 1; round <= 3; round++) {
      // when
      answer(client.call(address, request(ECHO, round), LONG));
      assertThat(lost).hasValue(round - 1);
      peers.connection().close();

      // then
      int times = round;
      until(() -> lost.get() == times);
    }
    assertThat(others).hasValue(0);
  }

  @Test
  void shouldKnowBothEndsAddresses() {
    RemotingServer server = server();
    answer(client().call(text(server.address()), request(ECHO, 1), LONG));

    assertThat(peers.connection().localAddress()).isEqualTo(server.address());
    assertThat(peers.connection().remoteAddress().getPort()).isPositive();
    assertThat(peers.connection().remoteAddress().getAddress()).isNotNull();
  }

  // Event loops

  @Test
  void shouldRunTasksSoonAndNeverWithinTheCall() {
    // given
    Queue<String> order = new ConcurrentLinkedQueue<>();
    RequestTable table = RequestTable.of(RequestTable.on(
        ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
          call.connection().execute(() -> {
            order.add("outer");
            call.connection().execute(() -> {
              order.add("inner");
              call.reply(Reply.ok());
            });
            order.add("outer ends");
          });
          order.add("handler ends");
        }));
    String address = text(server(table, RemotingSettings.forServer(2)).address());

    // when
    answer(client().call(address, request(ECHO, 1), LONG));

    // then
    assertThat(List.copyOf(order)).containsExactly("handler ends", "outer", "outer ends", "inner");
  }

  @Test
  void shouldGoOnAfterATaskThatFails() {
    answer(client().call(text(server().address()), request(ECHO, 1), LONG));
    CompletableFuture<Boolean> done = new CompletableFuture<>();

    peers.connection().execute(() -> {
      throw new IllegalStateException("as the test wants");
    });
    peers.connection().execute(() -> done.complete(true));

    until(done::isDone);
  }

  @Test
  void shouldDropTasksOfAServerThatIsClosed() {
    RemotingServer server = server();
    answer(client().call(text(server.address()), request(ECHO, 1), LONG));
    AtomicInteger done = new AtomicInteger();
    server.close();

    peers.connection().execute(done::incrementAndGet);
    peers.connection().notify(request(NOTE, 2, peers.counted(1)));
    assertReason(
        peers.connection().call(request(ECHO, 3, peers.counted(1)), LONG), Reason.NOT_CONNECTED);

    assertThat(done).hasValue(0);
    assertThat(peers.releases).hasValue(2);
  }

  @Test
  void shouldKnowItsOwnThreads() {
    // given
    RemotingClient[] client = new RemotingClient[1];
    CompletableFuture<Boolean> isNetwork = new CompletableFuture<>();
    RequestTable table = RequestTable.of(RequestTable.on(
        NOTE,
        HeaderReader.RAW,
        Permission.CONNECT,
        (call, header) -> isNetwork.complete(client[0].isNetworkThread())));
    client[0] = client(table, RemotingSettings.forClient());
    CompletableFuture<Boolean> atAnswer = new CompletableFuture<>();
    String address = text(server().address());
    client[0]
        .call(address, request(PARK, 1), LONG)
        .thenAccept(answer -> atAnswer.complete(client[0].isNetworkThread()));
    until(() -> peers.parked.size() == 1);

    // when
    peers.connection().notify(request(NOTE, 2));
    peers.parked.element().reply(Reply.ok());

    // then
    until(() -> isNetwork.isDone() && atAnswer.isDone());
    assertThat(isNetwork.join()).isTrue();
    assertThat(atAnswer.join()).isTrue();
    assertThat(client[0].isNetworkThread()).isFalse();
  }
}
