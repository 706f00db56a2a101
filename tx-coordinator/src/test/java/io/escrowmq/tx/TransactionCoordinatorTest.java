package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionCoordinatorTest {

  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(Facts.SCHEDULE, Bounds.NONE, 1);
  private final Facts facts = new Facts(coordinator);

  /** Each half-message of a page is read from the log for it. */
  @Test
  void shouldEndAPageWithTheTransactionThatHasTooManyHalfMessages() {
    // given
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long first = facts.half("g", 0);
      ids.add(first);
      for (int j = 1; j < Bounds.MOST_OF_TRANSACTION; j++) {
        facts.join(first);
      }
    }

    // when
    List<OpenTransaction> first = coordinator.list(page(-1));
    List<OpenTransaction> second = coordinator.list(page(ids.get(2)));
    List<OpenTransaction> third = coordinator.list(page(ids.get(4)));

    // then
    assertThat(first).extracting(OpenTransaction::id).containsExactlyElementsOf(ids.subList(0, 3));
    assertThat(second).extracting(OpenTransaction::id).containsExactlyElementsOf(ids.subList(3, 5));
    assertThat(third).isEmpty();
  }

  private static TransactionFilter page(long afterId) {
    return new TransactionFilter(null, Long.MAX_VALUE, false, afterId, 1000);
  }

  @Test
  void shouldForgetTheFirstDecisionOnlyWhenManyHaveFollowed() {
    // given
    long first = facts.half("g", 0);
    facts.decide(first);
    for (int i = 1; i < EscrowBook.REMEMBERED; i++) {
      facts.decide(facts.half("g", 0));
    }

    // when
    Ruling before = coordinator.onReport(first, "g", Outcome.ROLLBACK);
    facts.decide(facts.half("g", 0));
    Ruling after = coordinator.onReport(first, "g", Outcome.ROLLBACK);

    // then
    assertThat(before).isInstanceOf(Ruling.Contradicts.class);
    assertThat(after).isInstanceOf(Ruling.NotOpen.class);
  }

  /** half-message.md 3.4: a report may know nothing but the name, so that is remembered longer. */
  @Test
  void shouldForgetTheFirstDecisionWithANameOnlyWhenManyMoreHaveFollowed() {
    // given
    facts.decide(facts.named("order-0"));
    for (int i = 1; i < EscrowBook.NAMED_REMEMBERED; i++) {
      facts.decide(facts.named("order-" + i));
    }

    // when
    Ruling before = coordinator.onReport("g", "order-0", 1, Outcome.ROLLBACK);
    facts.decide(facts.named("one more"));
    Ruling after = coordinator.onReport("g", "order-0", 1, Outcome.ROLLBACK);

    // then
    assertThat(before).isInstanceOf(Ruling.Contradicts.class);
    assertThat(after).isInstanceOf(Ruling.NotOpen.class);
  }

  @Test
  void shouldRememberWhatHasANameWhileOthersAreForgotten() {
    // given
    facts.decide(facts.named("order-17"));
    for (int i = 0; i <= EscrowBook.REMEMBERED; i++) {
      facts.decide(facts.half("g", 0));
    }

    // when
    Ruling ruling = coordinator.onReport("g", "order-17", 1, Outcome.ROLLBACK);

    // then
    assertThat(ruling).isInstanceOf(Ruling.Contradicts.class);
  }

  @Test
  void shouldCountAHalfMessageOnceHoweverOftenItIsRecorded() {
    // given
    long id = facts.half("g", 7);

    // when
    coordinator.applyMoved(new StoredHalf(id, 10_000, 120));

    // then
    assertThat(coordinator.count()).isEqualTo(new EscrowFigures(1, 120, 1, 0, Escrow.BYTES, 7));
  }

  @Test
  void shouldCountNothingAsSuspendedThatWasDecided() {
    // given
    long id = facts.half("g", 7);
    coordinator.applySuspended(id);

    // when
    facts.decide(id);

    // then
    assertThat(coordinator.count().suspended()).isZero();
  }

  @Test
  void shouldCountTheSameWhenItIsRestored() throws IOException {
    // given
    long open = facts.half("g", 3);
    facts.join(open);
    coordinator.applySuspended(facts.half("g", 4));
    long decided = facts.half("h", 5);
    facts.join(decided);
    facts.decide(decided);
    byte[] image = Conversation.image(coordinator);

    // when
    TransactionCoordinator restored = new TransactionCoordinator(Facts.SCHEDULE, Bounds.NONE, 1);
    restored.restore(new DataInputStream(new ByteArrayInputStream(image)));

    // then
    assertThat(restored.count())
        .isEqualTo(new EscrowFigures(3, 300, 2, 1, 3 * Escrow.BYTES, 3))
        .isEqualTo(coordinator.count());
  }

  @Test
  void shouldAdmitAsManyHalfMessagesOfATransactionAsItsDecisionHasRoomFor() {
    // given
    int most = Bounds.MOST_OF_TRANSACTION;

    // when, then
    assertThat(coordinator.onHalves("g", null, most, 1)).isInstanceOf(Admission.Begins.class);
    assertThat(coordinator.onHalves("g", null, most + 1, 1))
        .isEqualTo(new Admission.Full(Admission.Limit.HALVES_OF_TRANSACTION, 0, most));
  }

  @Test
  void shouldWantAllHalfMessagesForACommitAlone() {
    // given
    long first = facts.named("order-17");

    // when
    Ruling commit = coordinator.onReport("g", "order-17", 2, Outcome.COMMIT);
    Ruling rollback = coordinator.onReport("g", "order-17", 2, Outcome.ROLLBACK);
    facts.decide(first);
    Ruling again = coordinator.onReport("g", "order-17", 2, Outcome.COMMIT);

    // then
    assertThat(commit).isEqualTo(new Ruling.Incomplete(1));
    assertThat(rollback).isInstanceOf(Ruling.Decide.class);
    assertThat(again).isInstanceOf(Ruling.AlreadySo.class);
  }

  @Test
  void shouldFindWhatLiesBeforeAPositionOnly() {
    // given
    long first = facts.half("g", 0);
    long second = facts.half("g", 0);

    // when
    List<StoredHalf> found = coordinator.storedBefore(second, 10);

    // then
    assertThat(found).extracting(StoredHalf::id).containsExactly(first);
  }

  @Test
  void shouldCountWhatIsOpen() {
    // given
    long first = facts.half("g", 7);
    facts.half("h", 9);

    // when
    EscrowFigures both = coordinator.count();
    facts.decide(first);
    EscrowFigures one = coordinator.count();

    // then
    assertThat(both).isEqualTo(new EscrowFigures(2, 200, 2, 0, 2 * Escrow.BYTES, 7));
    assertThat(one).isEqualTo(new EscrowFigures(1, 100, 1, 0, Escrow.BYTES, 9));
  }

  @Test
  void shouldListTheOldestFirstAndGoOnAfterTheLast() {
    // given
    long first = facts.half("g", 0);
    long second = facts.half("h", 0);
    long third = facts.half("g", 5);
    coordinator.applySuspended(third);

    // when
    List<OpenTransaction> page =
        coordinator.list(new TransactionFilter(null, Long.MAX_VALUE, false, -1, 2));
    List<OpenTransaction> rest =
        coordinator.list(new TransactionFilter(null, Long.MAX_VALUE, false, second, 2));
    List<OpenTransaction> afterOneThatIsNotThere =
        coordinator.list(new TransactionFilter(null, Long.MAX_VALUE, false, first + 1, 2));
    List<OpenTransaction> suspended =
        coordinator.list(new TransactionFilter("g", Long.MAX_VALUE, true, -1, 10));
    List<OpenTransaction> old = coordinator.list(new TransactionFilter(null, 5, false, -1, 10));

    // then
    assertThat(page).extracting(OpenTransaction::id).containsExactly(first, second);
    assertThat(rest).extracting(OpenTransaction::id).containsExactly(third);
    assertThat(afterOneThatIsNotThere)
        .extracting(OpenTransaction::id)
        .containsExactly(second, third);
    assertThat(suspended).extracting(OpenTransaction::id).containsExactly(third);
    assertThat(old).extracting(OpenTransaction::id).containsExactly(first, second);
  }

  @Test
  void shouldBreakItsPromiseLoudlyWhenAFactCannotBe() {
    // given
    long id = facts.half("g", 0);
    facts.decide(id);

    // when, then
    assertThatThrownBy(() -> facts.decide(id))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("decided already");
    assertThatThrownBy(() -> coordinator.applyAsked(77_777, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not in escrow");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shouldKeepEveryPromiseInARandomConversation(long seed) {
    Random random = new Random(seed);
    Conversation conversation = new Conversation();
    conversation.say("settings first=3s every=2s max-pause=20s checks=4");
    List<String> halves = new ArrayList<>();
    Map<String, String> decided = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      String line = randomLine(random, halves);
      List<String> told = conversation.say(line);

      for (String answer : told) {
        if (answer.startsWith("record DECISION")) {
          String[] words = answer.split(" ", -1);
          for (int i = 3; i < words.length; i++) {
            assertThat(decided.put(words[i], words[2]))
                .as("seed %d, step %d: %s was decided before", seed, step, words[i])
                .isNull();
          }
        }
        if (answer.startsWith("record CHECK") || answer.startsWith("record SUSPENDED")) {
          assertThat(decided)
              .as("seed %d, step %d: %s", seed, step, answer)
              .doesNotContainKey(answer.split(" ", -1)[2]);
        }
      }
      assertThat(conversation.imageOfRebuilt())
          .as("seed %d, step %d: rebuilt equals live", seed, step)
          .isEqualTo(conversation.image());
      assertThat(conversation.imageOfRestored())
          .as("seed %d, step %d: restored equals live", seed, step)
          .isEqualTo(conversation.image());
    }
    conversation.say("producer g0 comes");
    conversation.say("producer g1 comes");
    conversation.say("advance 24h");
    TransactionCoordinator end = conversation.coordinator();
    assertThat(end.list(new TransactionFilter(null, Long.MAX_VALUE, false, -1, 10_000)))
        .as("seed %d: what is open at the end was asked about until it was suspended", seed)
        .allMatch(OpenTransaction::suspended);
    assertThat(end.count().halves()).isEqualTo(halves.size() - decided.size());
  }

  private static String randomLine(Random random, List<String> halves) {
    int dice = random.nextInt(100);
    String any = halves.isEmpty() ? "none" : halves.get(random.nextInt(halves.size()));
    String group = "g" + random.nextInt(2);
    String verdict = random.nextBoolean() ? "commit" : "rollback";
    if (dice < 35 || halves.isEmpty()) {
      String id = "h" + halves.size();
      halves.add(id);
      return "half " + id + " group=" + group;
    } else if (dice < 60) {
      return "report " + any + " " + verdict + " group=" + group;
    } else if (dice < 65) {
      return "report " + any + " unknown group=" + group;
    } else if (dice < 68) {
      return "order " + any + " " + verdict;
    } else if (dice < 90) {
      return "advance " + (1 + random.nextInt(15_000)) + "ms";
    } else if (dice < 94) {
      return "producer " + group + (random.nextBoolean() ? " comes" : " goes");
    } else if (dice < 97) {
      return "restart";
    }
    return "restore";
  }
}
