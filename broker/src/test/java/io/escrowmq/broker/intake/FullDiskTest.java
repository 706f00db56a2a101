package io.escrowmq.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FullDiskTest {

  private static final int BODY_BYTES = 16 * 1024;
  private static final int MOST_SENDS = 1000;

  private final TestLog broker = new TestLog();
  private final List<Receipt> stored = new ArrayList<>();
  private final List<Reply> refused = new ArrayList<>();

  @BeforeEach
  void createTopic() {
    broker.createTopic("orders", 1);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldRefuseSendsWithTheMissingBytesAndTakeThemAgainWhenThereIsRoom() {
    // given
    broker.files.capacity(broker.files.usedBytes() + 1_500_000);
    for (int i = 0; i < MOST_SENDS && refused.isEmpty(); i++) {
      send();
    }
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).remark())
        .contains("the disk is full")
        .contains("bytes must be freed");
    int before = stored.size();

    // when
    broker.files.capacity(Long.MAX_VALUE);
    broker.clock.advance(60_000);
    send();

    // then
    assertThat(stored).hasSize(before + 1);
    assertThat(stored.get(before).queueOffset()).isEqualTo(before);
    assertThat(broker.loop.stopped()).isNull();
  }

  @Test
  void shouldGoOnReadingAndRecordingOffsetsOnAFullDisk() {
    // given
    broker.files.capacity(broker.files.usedBytes() + 1_500_000);
    for (int i = 0; i < MOST_SENDS && refused.isEmpty(); i++) {
      send();
    }

    // when
    broker.offsets.report("group", "orders", 0, 3);
    broker.rule(broker.offsets::recordNow);

    // then
    assertThat(broker.loop.stopped()).isNull();
    assertThat(broker.offsets.find("group", "orders", 0)).isEqualTo(3);
    assertThat(broker.lookup.at(stored.get(0).ids()[0])).isNotNull();
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
        ByteBuffer.allocate(BODY_BYTES),
        broker.forge.complete(""));
    broker.intake.offer(
        "orders", null, 0, EncodedMessages.of(message), 0, new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            stored.add(where);
          }

          @Override
          public void refused(Refusal why) {
            refused.add(RefusalPage.reply(why));
          }
        });
    broker.settle();
  }
}
