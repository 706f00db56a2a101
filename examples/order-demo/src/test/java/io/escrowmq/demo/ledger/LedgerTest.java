package io.escrowmq.demo.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.ledger.Books.Answer;
import io.escrowmq.demo.ledger.Books.Attempt;
import io.escrowmq.demo.ledger.Books.Notice;
import io.escrowmq.demo.ledger.Books.Order;
import io.escrowmq.demo.ledger.Books.Place;
import io.escrowmq.demo.ledger.Books.Stock;
import io.escrowmq.demo.ledger.Books.StoredMessage;
import io.escrowmq.demo.shop.Shop;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sound books, and each way in which they can be wrong. */
final class LedgerTest {

  private final Map<Role, List<Attempt>> attempts = new EnumMap<>(Map.of(
      Role.ORDERS,
      new ArrayList<>(),
      Role.INVENTORY,
      new ArrayList<>(),
      Role.PAYMENTS,
      new ArrayList<>()));
  private final List<Order> orders = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<StoredMessage> messages = new ArrayList<>();
  private final List<StoredMessage> vanished = new ArrayList<>();
  private int atHand = 5;
  private long inDoubt;

  LedgerTest() {
    settled(0, "RESERVED");
    settled(1, "REFUSED");
    attempts.get(Role.ORDERS).add(new Attempt("withdrawn", 2, "WITHDRAWN"));
    attempts.get(Role.ORDERS).add(new Attempt("cut off", 3, null));
  }

  /** An order of the one customer that went all the way. */
  private void settled(int id, String answer) {
    boolean reserved = answer.equals("RESERVED");
    orders.add(new Order(id, 7, id, "o" + id, reserved ? "CONFIRMED" : "CANCELLED"));
    answers.add(new Answer(id, 7, id, "cup", 3, "a" + id, answer));
    notices.add(new Notice(id, "n" + id, reserved ? "DUE" : "VOID"));
    attempts.get(Role.ORDERS).add(new Attempt("o" + id, id, "COMMITTED"));
    attempts.get(Role.INVENTORY).add(new Attempt("a" + id, id, "COMMITTED"));
    attempts.get(Role.PAYMENTS).add(new Attempt("n" + id, id, null));
    messages.add(message(Shop.ORDERS, id, id, "o" + id));
    messages.add(message(Shop.JOURNAL, id, id, "o" + id));
    messages.add(message(Shop.STOCK, id, id, "a" + id));
    messages.add(message(Shop.PAYMENTS, id, id, "n" + id));
  }

  private static StoredMessage message(String topic, long offset, int order, String attempt) {
    return new StoredMessage(
        new Place(topic, 0, offset), topic + order + attempt, order, 7, order, attempt, 1, 2);
  }

  private Set<String> failing() {
    List<StoredMessage> again = new ArrayList<>(messages);
    again.removeAll(vanished);
    Books books = new Books(
        3,
        attempts,
        orders,
        List.of(new Stock("cup", 8, atHand)),
        answers,
        notices,
        messages,
        again,
        inDoubt);
    Set<String> failing = new TreeSet<>();
    for (Finding finding : new Ledger(books).judge()) {
      if (!finding.holds()) {
        failing.add(finding.invariant());
      }
    }
    return failing;
  }

  @Test
  void shouldFindNothingInSoundBooks() {
    assertThat(failing()).isEmpty();
  }

  @Test
  void shouldMissMessageOfCommittedOrder() {
    // given
    messages.removeIf(message -> message.attempt().equals("o1"));

    // then
    assertThat(failing()).containsExactlyInAnyOrder("I1", "I8");
  }

  @Test
  void shouldSeeMessageThatIsThereUnderTwoIds() {
    // given
    messages.add(
        new StoredMessage(new Place(Shop.ORDERS, 0, 9), "another id", 1, 7, 1, "o1", 1, 2));

    // then
    assertThat(failing()).containsExactly("I1");
  }

  @Test
  void shouldCountMessageOnceThatIsThereTwiceUnderOneId() {
    // given
    messages.add(message(Shop.ORDERS, 9, 1, "o1"));

    // then
    assertThat(failing()).isEmpty();
  }

  @Test
  void shouldSeeOrderThatWasAnsweredTwice() {
    // given
    answers.add(new Answer(1, 7, 1, "cup", 3, "a1 again", "REFUSED"));
    messages.add(message(Shop.STOCK, 9, 1, "a1 again"));

    // then
    assertThat(failing()).containsExactly("I1");
  }

  @Test
  void shouldSeeThatOrderWasNeverPlaced() {
    // given
    attempts.get(Role.ORDERS).removeIf(attempt -> attempt.id().equals("withdrawn"));

    // then
    assertThat(failing()).containsExactly("I1");
  }

  @Test
  void shouldSeeMessageOfTransactionThatWasRolledBack() {
    // given
    messages.add(message(Shop.ORDERS, 9, 2, "withdrawn"));
    messages.add(message(Shop.JOURNAL, 9, 2, "withdrawn"));

    // then
    assertThat(failing()).containsExactlyInAnyOrder("I2", "I8");
  }

  @Test
  void shouldSeeStockThatIsNeitherAtHandNorReserved() {
    // given
    atHand = 4;

    // then
    assertThat(failing()).containsExactly("I3");
  }

  @Test
  void shouldSeeMessageThatVanishes() {
    // given
    vanished.add(messages.get(2));

    // then
    assertThat(failing()).containsExactly("I4");
  }

  @Test
  void shouldSeeHalfOfTransaction() {
    // given
    messages.removeIf(message -> message.topic().equals(Shop.JOURNAL) && message.order() == 0);

    // then
    assertThat(failing()).containsExactly("I5");
  }

  @Test
  void shouldSeeOrdersOfCustomerThatHaveOvertakenEachOther() {
    // given
    messages.removeIf(message -> message.topic().equals(Shop.ORDERS) && message.order() == 0);
    messages.add(message(Shop.ORDERS, 9, 0, "o0"));

    // then
    assertThat(failing()).containsExactly("I6");
  }

  @Test
  void shouldSeeWhatIsInDoubt() {
    // given
    inDoubt = 1;

    // then
    assertThat(failing()).containsExactly("I7");
  }

  @Test
  void shouldSeeThatServiceWasToldTheContrary() {
    // given
    attempts.get(Role.INVENTORY).set(0, new Attempt("a0", 0, "ROLLED_BACK"));

    // then
    assertThat(failing()).containsExactly("I8");
  }
}
