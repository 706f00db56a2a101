package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What too few replicas have is bounded; a full disk is the matter of {@link FullDiskTest}. */
final class LogRoomTest {

  private static final int MOST = 40_000;

  private final InstantSource clock = () -> Instant.ofEpochMilli(1_000);
  private final CommitLog log = CommitLog.open(
      new SimulatedFileSystem(1),
      LogModel.DIRECTORY,
      new LogSettings(65536, 4096, FlushMode.ASYNC),
      0,
      clock,
      LogModel.SECRETS);
  private final LogRoom room = log.room();

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void shouldTakeWhatReachesALimitAndRefuseOneByteMore() {
    // given
    awaitReplicas();
    long before = log.end();
    append(1_000);
    int waiting = (int) (log.end() - before);

    // then
    expectLimit(waiting, 30_000, room::forMessage);
    expectLimit(waiting, 30_000, bytes -> room.forMessages(bytes, 100));
    expectLimit(waiting, 35_000, room::inReserve);
    expectLimit(waiting, 35_000, bytes -> room.inReserve(bytes, 100));
    expectLimit(waiting, MOST, room::forDecision);
  }

  private void expectLimit(int waiting, int most, IntPredicate hasRoom) {
    assertThat(hasRoom.test(most - waiting + 1)).isFalse();
    assertThat(room.shortage()).isEqualTo(new Shortage.OfReplicas(most + 1, most));
    assertThat(hasRoom.test(most - waiting)).isTrue();
    assertThat(room.shortage()).isNull();
  }

  @Test
  void shouldTakeMoreWhenEnoughReplicasHaveWhatIsThere() {
    // given
    awaitReplicas();
    while (room.forMessage(1_000)) {
      append(1_000);
    }
    long full = log.end();

    // when
    log.commit(full - 2_000);

    // then
    assertThat(room.forMessage(1_000)).isTrue();
    assertThat(room.forMessage(29_000)).isFalse();
  }

  @Test
  void shouldTakeOneThatIsLongerWhenNothingWaits() {
    awaitReplicas();
    assertThat(room.forMessage(MOST + 1)).isTrue();
    append(MOST + 1);
    assertThat(room.forDecision(1)).isFalse();
  }

  @Test
  void shouldTakeAnyNumberWhenNoReplicaIsWaitedFor() {
    room.mostUncommitted(MOST);
    for (int i = 0; i < 100; i++) {
      append(1_000);
    }
    assertThat(room.shortage()).isNull();
  }

  @Test
  void shouldTakeNothingAfterAStartBeforeReplicasHaveWhatWasFound() {
    // given
    append(MOST);

    // when
    log.awaitReplicas();
    room.mostUncommitted(MOST);

    // then
    assertThat(room.forDecision(1)).isFalse();
    log.commit(log.end());
    assertThat(room.forDecision(1)).isTrue();
  }

  private void awaitReplicas() {
    append(100);
    log.awaitReplicas();
    log.commit(log.end());
    room.mostUncommitted(MOST);
  }

  private void append(int length) {
    assertThat(room.forDecision(length)).isTrue();
    log.append(RecordKind.MESSAGE, 0, length, Payloads.of(new byte[length]));
    log.write();
  }
}
