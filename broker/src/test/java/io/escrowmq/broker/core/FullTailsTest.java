package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.visible.NewestTime;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files below queues/ cannot be written: their entries stay in memory, up to twice what they may take. */
class FullTailsTest {

  private static final int TAIL_BYTES = 64 * 1024;
  private static final int CHUNK_ENTRIES = 256;

  private final TestLog broker = new TestLog();
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ConsumeQueues queues = ConsumeQueues.open(
      files, Path.of("/queues"), new QueueSettings(CHUNK_ENTRIES, 1 << 20, TAIL_BYTES, 16));
  private final QueueViews views = new QueueViews(queues, broker.keys, new NewestTime());
  private final List<Reply> answers = new ArrayList<>();
  private long position;

  @BeforeEach
  void failWrites() {
    broker.createTopic("orders", 1);
    files.fault((operation, file) -> {
      if (operation == Operation.WRITE) {
        throw new StorageException(StorageException.Reason.IO, "could not write " + file);
      }
    });
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldRefuseSendsAboveTwiceTheirBudgetAndTakeThemWhenTheDiskIsWell() {
    // given
    long before = 0;
    while (views.refusal() == null) {
      before = queues.tailBytes();
      append();
    }

    // when
    send();
    files.fault((operation, file) -> {});
    for (int i = 0; i < 2 * 4096 && views.refusal() != null; i++) { // tried again after so many
      append();
    }
    send();

    // then
    assertThat(before)
        .as("taken up to")
        .isLessThanOrEqualTo(2 * TAIL_BYTES)
        .isGreaterThan(TAIL_BYTES);
    assertThat(answers.get(0).code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(answers.get(0).remark()).contains("queues/").contains("bytes");
    assertThat(answers.get(1).code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(broker.loop.stopped()).isNull();
  }

  /** Nothing is appended while sends are refused: the disk has to be tried again all the same. */
  @Test
  void shouldTakeSendsAgainWhenTheDiskIsWellThoughNothingIsAppendedMeanwhile() {
    // given: tails of many queues, one of them short
    broker.loop.add(new SealingDuty(queues));
    for (int i = 0; views.refusal() == null; i++) {
      append("filled-" + i % 40);
    }
    append("short");
    long full = queues.tailBytes();

    // when
    broker.clock.advance(SealingDuty.PAUSE_MILLIS);
    broker.settle();
    long stillFull = queues.tailBytes();
    files.fault((operation, file) -> {});
    broker.clock.advance(SealingDuty.PAUSE_MILLIS - 1);
    broker.settle();
    long untried = queues.tailBytes();
    broker.clock.advance(1);
    broker.settle();
    send();

    // then
    assertThat(stillFull).isEqualTo(full);
    assertThat(untried).isEqualTo(full);
    assertThat(answers.get(0).code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(queues.tailBytes()).isLessThan(TAIL_BYTES);
    assertThat(queues.hasUnsealed()).isFalse();
    assertThat(queues.find("short", 0).tail()).isEqualTo(1);
  }

  // Decisions and deliveries go on: what they make visible is appended all the same.
  private void append() {
    append("filled");
  }

  private void append(String topic) {
    ConsumeQueue queue = queues.obtain(topic, 0);
    queue.append(position += 128, 100, 0, broker.clock.millis());
    queues.drainTouched(ConsumeQueue::publish);
  }

  private void send() {
    byte[] message = TestMessages.encode(
        broker.forge,
        "orders",
        0,
        0,
        0,
        broker.clock.millis(),
        TestLog.STORE_HOST,
        0,
        ByteBuffer.allocate(10),
        broker.forge.complete(""));
    new MessageIntake(broker.loop, views, broker.topics, TestLog.ANY_DELAYS)
        .offer("orders", null, 0, EncodedMessages.of(message), 0, new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            answers.add(Reply.ok());
          }

          @Override
          public void refused(Refusal why) {
            answers.add(RefusalPage.reply(why));
          }
        });
    broker.settle();
  }
}
