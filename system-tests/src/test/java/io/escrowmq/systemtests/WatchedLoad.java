package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

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
  private final String load;
  private final List<List<Long>> stored = new ArrayList<>(); // by queue

  WatchedLoad(ServerProcess server, Clients clients, int senders, int bodyBytes) {
    this.server = server;
    this.clients = clients;
    this.load = clients.load(clients.freshTopic(QUEUES), senders, bodyBytes);
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      stored.add(new ArrayList<>());
    }
  }

  /** How many were acknowledged so far. */
  long acknowledged() {
    return clients.driver().acknowledgedCount(load);
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
