package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LoadFigures;
import io.escrowmq.systemtests.driver.LoadReceipt;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is stopped for ten seconds (SIGSTOP) and goes on: the broker, a consumer, a producer with open
 * half-messages. Nothing is lost, nothing decided twice. What the others see meanwhile is printed, for
 * docs/reliability.md.
 */
@Tag("long")
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class StoppedProcessTest {

  private static final Duration STOP = Duration.ofSeconds(10);
  private static final int ROUNDS = 3;
  private static final int BODY_BYTES = 100;
  private static final int QUEUES = 4;

  private final TestBed bed;

  StoppedProcessTest(TestBed bed) {
    this.bed = bed;
  }

  private record Place(int queueId, long offset) {}

  private static void stopForAWhile(long pid) {
    signal(pid, "STOP");
    await().pollDelay(STOP).atMost(STOP.multipliedBy(2)).until(() -> true);
    signal(pid, "CONT");
  }

  private static void signal(long pid, String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "sync"})
  void shouldLoseNothingWhenTheBrokerIsStopped(String flush) {
    // given
    ServerProcess server = bed.startBoth("stopped", Map.of("store.flush", flush));
    try (server;
        Clients clients = bed.clients(ClientKind.V5_5_0_JSON, server)) {
      WatchedLoad load = new WatchedLoad(server, clients, 6, BODY_BYTES);
      String consumer = clients.push(clients.freshGroup(), load.topic());
      within(60).until(() -> !clients.driver().received(consumer).isEmpty());
      for (int round = 1; round <= ROUNDS; round++) {
        load.awaitMore(200);
        load.takeFigures();

        // when
        stopForAWhile(server.pid());

        // then
        load.awaitMore(500);
        LoadFigures seen = load.takeFigures();
        System.out.println("the broker stopped, flush " + flush + ": longest pause between"
            + " acknowledgements " + seen.longestPauseMillis() + " ms, failures "
            + seen.failures());
      }
      List<LoadReceipt> promised = load.takeAcknowledged();
      load.assertStored(promised, "acknowledged around stops of the broker");
      List<ReceivedMessage> received = awaitReceived(promised, clients, consumer);
      System.out.println("the broker stopped, flush " + flush + ": acknowledged "
          + promised.size() + ", longest pauses of a consumer "
          + longestPauses(received, ROUNDS) + " ms, received again "
          + again(received));
    }
  }

  @Test
  void shouldLoseNothingWhenAConsumerIsStopped() {
    // given
    ServerProcess server = bed.startBoth("stopped-consumer", Map.of());
    DriverProcess other = bed.startDriver(ClientKind.V5_5_0_JSON);
    try (server;
        Clients clients = bed.clients(ClientKind.V5_5_0_JSON, server);
        Clients stopped = bed.clients(other, clients)) {
      WatchedLoad load = new WatchedLoad(server, clients, 1, BODY_BYTES);
      String group = clients.freshGroup();
      String stays = clients.push(group, load.topic());
      String stops = stopped.push(group, load.topic());
      within(60).until(() -> queues(stopped.driver().received(stops)) == QUEUES / 2);

      // when
      stopForAWhile(other.process().handle().pid());
      load.awaitMore(500);

      // then
      List<LoadReceipt> promised = load.takeAcknowledged();
      Set<Place> wanted = places(promised);
      within(60)
          .until(() -> Stream.concat(
                  stopped.driver().received(stops).stream(),
                  clients.driver().received(stays).stream())
              .map(StoppedProcessTest::place)
              .collect(Collectors.toSet())
              .containsAll(wanted));
      List<ReceivedMessage> late = stopped.driver().received(stops);
      List<ReceivedMessage> usual = clients.driver().received(stays);
      List<ReceivedMessage> all = new ArrayList<>(late);
      all.addAll(usual);
      System.out.println("a consumer stopped: acknowledged " + promised.size()
          + ", latest delivery after " + latest(late) + " ms, by the other member after "
          + latest(usual) + " ms, received again " + again(all) + ", queues of the other member "
          + queues(usual));
    }
  }

  @Test
  void shouldDecideOnceWhenAProducerIsStoppedWithOpenHalfMessages() {
    // given
    int open = 200;
    ServerProcess server =
        bed.startBoth("stopped-producer", Map.of("tx.first-check", "2s", "tx.check-every", "2s"));
    DriverProcess other = bed.startDriver(ClientKind.V5_5_0_JSON);
    try (server;
        Clients clients = bed.clients(ClientKind.V5_5_0_JSON, server);
        Clients stopped = bed.clients(other, clients)) {
      TransactionRequests requests = new TransactionRequests(clients);
      String topic = clients.freshTopic(1);
      String group = clients.freshGroup();
      CheckScript script = CheckScript.always(LocalOutcome.COMMIT);
      List<OutgoingMessage> messages = new ArrayList<>();
      List<String> committed = new ArrayList<>();
      for (int i = 0; i < open; i++) {
        String body = Integer.toString(i);
        messages.add(
            OutgoingMessage.to(topic, body).with(TransactionalSends.NOT_BEFORE_SECONDS, "4"));
        if (i % 2 == 0) {
          committed.add(body);
        } else {
          script = script.but(body, LocalOutcome.ROLLBACK);
        }
      }
      String producer = stopped.transacting(group, script);
      stopped.driver().sendAllInTransaction(producer, messages, LocalOutcome.UNKNOWN);
      int openBefore = requests.open(group);

      // when
      stopForAWhile(other.process().handle().pid());
      String sentBefore = requests.metric("escrowmq_checks_sent_total");
      int openAfter = requests.open(group);
      long from = System.nanoTime();
      within(60).until(() -> requests.open(group) == 0);
      long decidedMillis = (System.nanoTime() - from) / 1_000_000;

      // then: nobody else was asked, nothing was decided twice
      assertThat(new StoredQueues(clients, topic, 1).bodies())
          .containsExactlyInAnyOrderElementsOf(committed);
      String half = Integer.toString(open / 2);
      assertThat(requests.metric("rocketmq_commit_messages_total")).isEqualTo(half);
      assertThat(requests.metric("rocketmq_rollback_messages_total")).isEqualTo(half);
      assertThat(requests.metric("escrowmq_decision_conflicts_total")).isEqualTo("0");
      System.out.println("a producer stopped: open before " + openBefore + ", after " + openAfter
          + ", questions sent until then " + sentBefore + ", all decided after " + decidedMillis
          + " ms, questions answered " + stopped.driver().checkCount(producer));
    }
  }

  private static List<ReceivedMessage> awaitReceived(
      List<LoadReceipt> promised, Clients clients, String consumer) {
    Set<Place> wanted = places(promised);
    within(60)
        .until(() -> clients.driver().received(consumer).stream()
            .map(StoppedProcessTest::place)
            .collect(Collectors.toSet())
            .containsAll(wanted));
    return clients.driver().received(consumer);
  }

  private static Set<Place> places(List<LoadReceipt> promised) {
    Set<Place> places = new HashSet<>();
    promised.forEach(message -> places.add(new Place(message.queueId(), message.queueOffset())));
    return places;
  }

  private static Place place(ReceivedMessage message) {
    return new Place(message.queueId(), message.queueOffset());
  }

  private static long queues(List<ReceivedMessage> received) {
    return received.stream().map(ReceivedMessage::queueId).distinct().count();
  }

  private static long again(List<ReceivedMessage> received) {
    return received.size()
        - received.stream().map(StoppedProcessTest::place).distinct().count();
  }

  private static long latest(List<ReceivedMessage> received) {
    return received.stream()
        .mapToLong(message -> message.receivedAtMillis() - message.storedAtMillis())
        .max()
        .orElse(0);
  }

  private static List<Long> longestPauses(List<ReceivedMessage> received, int count) {
    long[] times =
        received.stream().mapToLong(ReceivedMessage::receivedAtMillis).sorted().toArray();
    return IntStream.range(1, times.length)
        .mapToObj(i -> times[i] - times[i - 1])
        .sorted((one, two) -> Long.compare(two, one))
        .limit(count)
        .toList();
  }
}
