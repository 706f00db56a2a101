package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files below queues/ and keys/ follow from the log: when they fail, the log goes on. */
class FailingDerivedFilesTest {

  private static final int MESSAGES = 900; // more than three chunks of a queue

  static Stream<Operation> operations() {
    return Stream.of(Operation.values());
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void shouldGoOnSendingWhileAllDerivedFilesFail(Operation failing) {
    try (TestLog broker = new TestLog()) {
      // given
      broker.createTopic("orders", 1);
      broker.files.fault((operation, file) -> {
        if (operation == failing && isDerived(file.toString())) {
          throw new StorageException(Reason.IO, "could not " + operation + " " + file);
        }
      });

      // when
      List<Long> positions = send(broker, MESSAGES);
      broker.files.fault((operation, file) -> {});

      // then
      assertThat(broker.loop.stopped()).isNull();
      assertThat(broker.log.failure()).isNull();
      assertThat(positionsOf(broker.queues.find("orders", 0))).isEqualTo(positions);
    }
  }

  /** The nth call of any operation on a derived file fails, for n = 1, 2, 3 ... */
  @ParameterizedTest
  @MethodSource("operations")
  void shouldGoOnSendingWhicheverCallOfADerivedFileFails(Operation failing) {
    for (int nth = 1; nth <= 6; nth++) {
      try (TestLog broker = new TestLog()) {
        // given
        broker.createTopic("orders", 1);
        AtomicInteger left = new AtomicInteger(nth);
        broker.files.fault((operation, file) -> {
          if (operation == failing && isDerived(file.toString()) && left.decrementAndGet() == 0) {
            throw new StorageException(Reason.IO, "could not " + operation + " " + file);
          }
        });

        // when
        List<Long> positions = send(broker, MESSAGES);
        broker.files.fault((operation, file) -> {});

        // then
        assertThat(broker.loop.stopped()).as("call %d", nth).isNull();
        assertThat(positionsOf(broker.queues.find("orders", 0)))
            .as("call %d", nth)
            .isEqualTo(positions);
      }
    }
  }

  @Test
  void shouldGoOnWhenADamagedChunkIsReadForADuplicateOrAReset() {
    try (TestLog broker = new TestLog()) {
      // given
      broker.createTopic("orders", 1);
      send(broker, MESSAGES);
      broker.files.flipBit(java.nio.file.Path.of("/data/queues/00000001.chunks"), 1_000, 3);
      List<Boolean> looked = new ArrayList<>();

      // when
      broker.loop.offer(new InnerProposal(
          recorder -> looked.add(broker.queueViews.positions("orders", 0, 30, 10) != null),
          () -> looked.add(true)));
      broker.settle();
      send(broker, 10);

      // then
      assertThat(looked).isEmpty();
      assertThat(broker.loop.stopped()).isNull();
    }
  }

  private static boolean isDerived(String file) {
    return file.startsWith("/data/queues") || file.startsWith("/data/keys");
  }

  private static List<Long> send(TestLog broker, int messages) {
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      positions.add(broker.send("orders", 0, "body", "KEYS\u0001k" + i + "\u0002", 0));
    }
    return positions;
  }

  private static List<Long> positionsOf(ConsumeQueue queue) {
    List<Long> positions = new ArrayList<>();
    QueueEntries entries = new QueueEntries(64);
    for (long offset = 0; offset < queue.maxOffset(); offset += entries.count()) {
      queue.read(offset, entries);
      for (int i = 0; i < entries.count(); i++) {
        positions.add(entries.position(i));
      }
    }
    return positions;
  }
}
