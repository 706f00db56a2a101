package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No consumer is led past a message that may be read again one day. */
class UnreadablePullTest {

  private static final Path FIRST_SEGMENT = Path.of("/data/log/00000000000000000000.log");
  private static final int MOST_ANSWER_BYTES = 20_000;
  private static final int INTO_THE_MESSAGE = 100;

  private final TestLog broker = new TestLog();
  private final PullHandler pulls = TestPulls.over(
      broker, new PullSettings(32, 32, 64 * 1024, 100, 1 << 20, 512 * 1024, MOST_ANSWER_BYTES, 10));
  private final List<Long> positions = new ArrayList<>();

  @BeforeEach
  void send() {
    broker.createTopic("orders", 1);
    for (int i = 0; i < 10; i++) {
      positions.add(broker.send("orders", 0, "body-" + i, "", 0));
    }
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"IO", "FULL", "LOCKED"})
  void shouldRefuseAPullThatCannotReadNowAndMoveNoOffset(Reason reason) {
    // given
    broker.files.fault((operation, file) -> {
      if (operation == Operation.MAP) {
        throw new StorageException(reason, "could not map " + file);
      }
    });

    // when
    FakeCall refused = pull(3);
    broker.files.fault((operation, file) -> {});
    FakeCall later = pull(3);

    // then
    assertRetriable(refused);
    assertThat(later.replyBody()).contains("body-3").contains("body-9");
    assertThat(broker.unreadable.count()).isZero();
  }

  @Test
  void shouldRefuseAPullOnceTheLogHasFailed() {
    // given
    broker.files.failSync(1);
    try {
      broker.log.sync();
    } catch (StorageException e) {
      // as it should
    }

    // when
    FakeCall refused = pull(3);

    // then
    assertRetriable(refused);
    assertThat(refused.reply().remark()).contains("restart");
  }

  @Test
  void shouldNameAndCountARecordThatIsDamagedAloneAndDeliverTheOthers() {
    // given
    broker.files.flipBit(FIRST_SEGMENT, positions.get(4) + INTO_THE_MESSAGE, 1);

    // when
    FakeCall first = pull(0);
    FakeCall again = pull(4);

    // then
    SoftAssertions.assertSoftly(soft -> {
      soft.assertThat(first.replyCode()).isEqualTo(ResponseCode.SUCCESS);
      soft.assertThat(first.replyFields()).containsEntry("nextBeginOffset", "10");
      soft.assertThat(first.replyBody()).contains("body-3", "body-5").doesNotContain("body-4");
      soft.assertThat(first.reply().remark()).startsWith("FOUND").contains("orders/0 offset 4");
      soft.assertThat(again.replyBody()).contains("body-5");
      soft.assertThat(broker.unreadable.count()).isOne();
      soft.assertThat(broker.unreadable.latest())
          .extracting(UnreadableMessages.Entry::where, UnreadableMessages.Entry::position)
          .containsExactly(tuple("orders/0 offset 4", positions.get(4)));
    });
  }

  /** A bad sector, or a file system that failed: an operator has to look. */
  @Test
  void shouldRefuseAPullAtMoreThanOneDamagedRecord() {
    // given
    broker.files.flipBit(FIRST_SEGMENT, positions.get(4) + INTO_THE_MESSAGE, 1);
    broker.files.flipBit(FIRST_SEGMENT, positions.get(5) + INTO_THE_MESSAGE, 1);

    // when
    FakeCall before = pull(0);
    FakeCall at = pull(4);

    // then
    assertThat(before.replyFields()).containsEntry("nextBeginOffset", "4");
    assertThat(before.replyBody()).contains("body-3");
    assertRetriable(at);
    assertThat(at.reply().remark()).contains("orders/0").contains("offset 4").contains("operator");
    assertThat(broker.unreadable.count()).isZero();
  }

  @Test
  void shouldRefuseAPullWhereTheFileWasCut() {
    // given
    broker.files.cut(FIRST_SEGMENT, positions.get(4) + INTO_THE_MESSAGE);

    // when
    FakeCall before = pull(0);
    FakeCall at = pull(4);
    FakeCall behind = pull(7);

    // then
    assertThat(before.replyFields()).containsEntry("nextBeginOffset", "4");
    assertRetriable(at);
    assertRetriable(behind);
  }

  /** Stored under other limits: it must not block its queue. */
  @Test
  void shouldLeaveOutWhatNoAnswerCanCarryAndNothingSmaller() {
    // given
    broker.send("orders", 0, "", "", 0);
    int overhead = messageBytes(10);
    broker.send("orders", 0, "f" + "x".repeat(MOST_ANSWER_BYTES - overhead - 1), "", 0);
    broker.send("orders", 0, "t" + "x".repeat(MOST_ANSWER_BYTES - overhead), "", 0);
    broker.send("orders", 0, "behind", "", 0);

    // when
    FakeCall fits = pull(11, 1);
    FakeCall tooLarge = pull(12, 2);

    // then
    assertThat(fits.reply().body().length()).isEqualTo(MOST_ANSWER_BYTES);
    assertThat(fits.replyBody()).contains("fxxx");
    assertThat(tooLarge.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(tooLarge.replyBody()).contains("behind").doesNotContain("txxx");
    assertThat(tooLarge.reply().remark()).contains("orders/0 offset 12");
  }

  /** What a message takes in an answer beside its body. */
  private int messageBytes(long offset) {
    return pull(offset, 1).reply().body().length();
  }

  private static void assertRetriable(FakeCall call) {
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(call.replyFields()).doesNotContainKey("nextBeginOffset");
  }

  private FakeCall pull(long offset) {
    return pull(offset, 32);
  }

  private FakeCall pull(long offset, int most) {
    return TestPulls.pull(pulls, 0, offset, most);
  }
}
