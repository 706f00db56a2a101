package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.LoadFigures;
import io.escrowmq.systemtests.driver.LoadReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Senders that send on and on to a topic of their own, and what its queues were seen to hold: every message
 * that they were told is stored must be there, where it was said to be, and stay there. Owner: one test.
 */
final class WatchedLoad {

  private static final int QUEUES = 4;

  private final ServerProcess server;
  private final Clients clients;
  private final String topic;
  private final String load;
  private final List<List<Long>> stored = new ArrayList<>(); // by queue

  WatchedLoad(ServerProcess server, Clients clients, int senders, int bodyBytes) {
    this.server = server;
    this.clients = clients;
    this.topic = clients.freshTopic(QUEUES);
    this.load = clients.load(topic, senders, bodyBytes);
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      stored.add(new ArrayList<>());
    }
  }

  /** How many were acknowledged so far. */
  long acknowledged() {
    return clients.driver().acknowledgedCount(load);
  }

  /** What the senders have seen since this was last asked. */
  LoadFigures takeFigures() {
    return clients.driver().takeFigures(load);
  }

  /** The topic that they send to. */
  String topic() {
    return topic;
  }

  /** Waits until so many more are acknowledged. */
  void awaitMore(int count) {
    long enough = acknowledged() + count;
    within(60).until(() -> acknowledged() >= enough);
  }

  /** What was acknowledged since this was last asked; asked for before a server that ended starts again. */
  List<LoadReceipt> takeAcknowledged() {
    return clients.driver().takeAcknowledged(load);
  }

  /** All these are where they were said to be. */
  void assertStored(List<LoadReceipt> promised, String when) {
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      List<Long> known = stored.get(queueId);
      known.addAll(read(queueId, known.size()));
    }
    assertThat(promised)
        .as(when)
        .isNotEmpty()
        .allSatisfy(message -> assertThat(stored.get(message.queueId()))
            .element((int) message.queueOffset())
            .isEqualTo(message.number()));
  }

  /**
   * Those are where they were said to be that lie before a position of the log; of the others the newest may
   * be missing, and none before one that is there.
   *
   * @return those that are there
   */
  List<LoadReceipt> assertLostFromTheEndOnly(List<LoadReceipt> promised, long synced, String when) {
    List<LoadReceipt> there = new ArrayList<>();
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      int queue = queueId;
      List<LoadReceipt> ofQueue =
          promised.stream().filter(message -> message.queueId() == queue).toList();
      long from = ofQueue.stream().mapToLong(LoadReceipt::queueOffset).min().orElse(0);
      List<Long> found = read(queue, from);
      ofQueue.stream()
          .filter(message -> message.queueOffset() - from < found.size()
              && found.get((int) (message.queueOffset() - from)) == message.number())
          .forEach(there::add);
    }
    long end = there.stream().mapToLong(LoadReceipt::position).max().orElse(0);
    assertThat(promised)
        .as("%s, synced to %d, found to %d", when, synced, end)
        .filteredOn(message -> message.position() < Math.max(synced, end))
        .isSubsetOf(there);
    return there;
  }

  /** What was once read has stayed what it was. */
  void assertUnchanged() {
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      assertThat(read(queueId, 0)).startsWith(stored.get(queueId).toArray(Long[]::new));
    }
  }

  private List<Long> read(int queueId, long fromOffset) {
    AtomicReference<List<Long>> read = new AtomicReference<>(List.of());
    // the reader finds out first that its connection is gone
    within(30).ignoreExceptions().until(() -> {
      read.set(clients.driver().storedNumbers(load, server.brokerName(), queueId, fromOffset));
      return true;
    });
    return read.get();
  }
}
