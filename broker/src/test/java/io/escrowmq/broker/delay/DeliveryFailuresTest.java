package io.escrowmq.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.ConsumeQueue;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A delayed message that cannot be read when it is due: for whatever reason, it harms nobody else. */
class DeliveryFailuresTest {

  private static final Path FIRST_SEGMENT = Path.of("/data/log/00000000000000000000.log");
  private static final String TOPIC = "orders";

  /** What happens to the bytes of one message. */
  enum Damage {
    BIT_TURNED_OVER,
    MISSING_FROM_THE_FILE
  }

  private final TestLog broker = new TestLog();
  private final long[] lastPosition = {-1};

  @BeforeEach
  void createTopic() {
    broker.createTopic(TOPIC, 2);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void shouldDropWhatIsDamagedSayWhichItIsAndGoOn(Damage damage) {
    // given
    sendDelayed(0, 100, 5_000);
    long damaged = sendDelayed(0, 30_000, 5_000);
    fillTheFirstSegment();
    sendDelayed(1, 100, 6_000);
    switch (damage) {
      case BIT_TURNED_OVER -> broker.files.flipBit(FIRST_SEGMENT, damaged + 300, 2);
      case MISSING_FROM_THE_FILE -> broker.files.cut(FIRST_SEGMENT, damaged + 300);
    }

    // when
    advance(10_000);

    // then
    assertThat(broker.loop.stopped()).isNull();
    assertThat(broker.delayed.waiting()).isZero();
    assertThat(visible(0)).isOne();
    assertThat(visible(1)).isOne();
    assertThat(broker.unreadable.count()).isOne();
    assertThat(broker.unreadable.latest())
        .extracting(UnreadableMessages.Entry::position)
        .containsExactly(damaged);
  }

  @Test
  void shouldDeliverLaterWhatCannotBeReadNowAndOthersMeanwhile() {
    // given
    sendDelayed(0, 100, 5_000);
    fillTheFirstSegment();
    sendDelayed(1, 100, 6_000);
    broker.files.fault((operation, file) -> {
      if (operation == Operation.MAP && file.endsWith(FIRST_SEGMENT.getFileName())) {
        throw new StorageException(Reason.IO, "could not map " + file + ": Input/output error");
      }
    });

    // when
    advance(10_000);
    long late = visible(0);
    long other = visible(1);
    broker.files.fault((operation, file) -> {});
    advance(10_000);

    // then
    assertThat(late).isZero();
    assertThat(other).isOne();
    assertThat(visible(0)).isOne();
    assertThat(broker.delayed.waiting()).isZero();
    assertThat(broker.unreadable.count()).isZero();
    assertThat(broker.loop.stopped()).isNull();
  }

  /** Other requests wait for the turn: it must not read a whole segment. */
  @Test
  void shouldEndATurnOfDeliveriesAfterAMegabyte() {
    // given
    for (int i = 0; i < 60; i++) {
      sendDelayed(0, 50_000, 5_000);
    }
    broker.clock.advance(6_000);

    // when
    broker.loop.turn();
    long afterOneTurn = visible(0);
    broker.settle();

    // then
    assertThat(afterOneTurn).isBetween(20L, 22L);
    assertThat(visible(0)).isEqualTo(60);
  }

  private long visible(int queueId) {
    ConsumeQueue queue = broker.queues.find(TOPIC, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }

  private void fillTheFirstSegment() {
    while (broker.log.segments().size() < 2) {
      broker.send(TOPIC, 1, "x".repeat(30_000), "", 0);
    }
    broker.queues.delete(TOPIC);
  }

  private void advance(long millis) {
    for (long passed = 0; passed < millis; passed += 100) {
      broker.clock.advance(100);
      broker.settle();
    }
  }

  private long sendDelayed(int queueId, int bodyBytes, long delayMillis) {
    byte[] message = TestMessages.encode(
        broker.forge,
        TOPIC,
        queueId,
        0,
        0,
        broker.clock.millis(),
        TestLog.STORE_HOST,
        0,
        ByteBuffer.allocate(bodyBytes),
        broker.forge.complete(""));
    broker.intake.offer(
        TOPIC,
        null,
        queueId,
        EncodedMessages.of(message),
        broker.clock.millis() + delayMillis,
        new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            lastPosition[0] = where.ids()[0];
          }

          @Override
          public void refused(Refusal why) {
            throw new AssertionError(RefusalPage.words(why));
          }
        });
    broker.settle();
    return lastPosition[0];
  }
}
