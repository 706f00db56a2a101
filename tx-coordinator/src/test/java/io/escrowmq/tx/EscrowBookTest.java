package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of what was recorded, for how long; and that no more is kept. */
class EscrowBookTest {

  private static final CheckSchedule SCHEDULE = new CheckSchedule(6_000, 10_000, 600_000, 15);

  private final EscrowBook book = new EscrowBook(1);
  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(SCHEDULE, Bounds.NONE, 1);
  private long lastId;

  @Test
  void shouldForgetAGroupThatHasNothingInEscrow() {
    // given
    Half half = half();
    book.apply(half);
    int before = book.groups.size();

    // when
    book.apply(commit(half.id()));

    // then
    assertThat(before).isOne();
    assertThat(book.groups).isEmpty();
  }

  @Test
  void shouldRestoreNoGroupForWhatIsDecided() throws IOException {
    // given
    Half half = half();
    coordinator.apply(half);
    coordinator.apply(commit(half.id()));

    // when
    book.restore(new DataInputStream(new ByteArrayInputStream(Conversation.image(coordinator))));

    // then
    assertThat(book.byId.find(half.id())).isNotNull();
    assertThat(book.groups).isEmpty();
  }

  @Test
  void shouldForgetEveryHalfMessageOfATransaction() {
    // given
    Half first = half();
    Half second = joining(first.id());
    coordinator.apply(first);
    coordinator.apply(second);
    coordinator.apply(commit(first.id()));

    // when
    Ruling before = coordinator.onReport(second.id(), "g", Outcome.ROLLBACK);
    for (int i = 0; i < EscrowBook.REMEMBERED; i++) {
      Half another = half();
      coordinator.apply(another);
      coordinator.apply(commit(another.id()));
    }
    Ruling after = coordinator.onReport(second.id(), "g", Outcome.ROLLBACK);

    // then
    assertThat(before).isInstanceOf(Ruling.Contradicts.class);
    assertThat(after).isInstanceOf(Ruling.NotOpen.class);
  }

  @Test
  void shouldCountNothingAsSuspendedThatIsCheckedAnew() {
    // given
    Half half = half();
    coordinator.apply(half);
    coordinator.applySuspended(half.id());
    long before = coordinator.count().suspended();

    // when
    coordinator.applyResumed(half.id(), 0);

    // then
    assertThat(before).isOne();
    assertThat(coordinator.count().suspended()).isZero();
  }

  /** half-message.md 6.2: the segment of each of them has to stay until it is recorded again. */
  @Test
  void shouldKeepThePlaceOfEveryHalfMessageOfATransaction() {
    // given
    Half first = half();
    Half second = joining(first.id());
    coordinator.apply(first);
    coordinator.apply(second);

    // when
    coordinator.applyMoved(new StoredHalf(first.id(), 10_000, 100));
    long oneMoved = coordinator.oldestPosition();
    List<StoredHalf> oneLeft = coordinator.storedBefore(10_000, 10);
    coordinator.applyMoved(new StoredHalf(second.id(), 10_100, 100));

    // then
    assertThat(oneMoved).isEqualTo(second.id());
    assertThat(oneLeft).extracting(StoredHalf::id).containsExactly(second.id());
    assertThat(coordinator.oldestPosition()).isEqualTo(10_000);
  }

  @Test
  void shouldListWhatFollowsAlsoWhenTheLastOfThePageIsDecidedMeanwhile() {
    // given
    Half first = half();
    Half second = half();
    Half third = half();
    List.of(first, second, third).forEach(coordinator::apply);
    coordinator.apply(commit(second.id()));

    // when
    List<OpenTransaction> rest =
        coordinator.list(new TransactionFilter(null, Long.MAX_VALUE, false, second.id(), 10));

    // then
    assertThat(rest).extracting(OpenTransaction::id).containsExactly(third.id());
  }

  @Test
  void shouldListWhatFollowsAHalfMessageThatJoinedAnother() {
    // given
    Half first = half();
    Half second = joining(first.id());
    Half third = half();
    List.of(first, second, third).forEach(coordinator::apply);

    // when
    List<OpenTransaction> rest =
        coordinator.list(new TransactionFilter(null, Long.MAX_VALUE, false, second.id(), 10));

    // then
    assertThat(rest).extracting(OpenTransaction::id).containsExactly(third.id());
  }

  private Half half() {
    lastId += 8;
    return new Half(lastId, lastId, null, "g", 100, 0, SCHEDULE.firstMillis());
  }

  private Half joining(long leader) {
    lastId += 8;
    return new Half(lastId, leader, null, "g", 100, 0, SCHEDULE.firstMillis());
  }

  private static Decision commit(long id) {
    return new Decision(id, Verdict.COMMIT, Decider.PRODUCER, 1);
  }
}
