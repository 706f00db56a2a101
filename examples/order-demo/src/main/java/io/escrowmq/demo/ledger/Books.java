package io.escrowmq.demo.ledger;

import io.escrowmq.demo.Role;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the ledger judges by: what the databases and the topics hold when everything is quiet.
 * Immutable.
 *
 * @param wanted how many orders there should be, with those that were withdrawn
 * @param attempts tries to make a transaction, by service
 * @param answers in the order in which they were given
 * @param messages what the topics hold, each queue in its order
 * @param messagesAgain the same, read once more after the broker was killed and started again
 * @param inDoubt transactions that the broker does not know the end of
 */
public record Books(
    int wanted,
    Map<Role, List<Attempt>> attempts,
    List<Order> orders,
    List<Stock> stock,
    List<Answer> answers,
    List<Notice> notices,
    List<StoredMessage> messages,
    List<StoredMessage> messagesAgain,
    long inDoubt) {

  /**
   * One try to make a transaction.
   *
   * @param told what the service was told of its end; null when it ended before it was told
   */
  public record Attempt(String id, int order, @Nullable String told) {}

  /** One order as the order service has it. */
  public record Order(int id, int customer, int number, String attempt, String state) {}

  /** One item of the inventory. */
  public record Stock(String item, int atFirst, int atHand) {}

  /** What the inventory service answered to one delivery of an order. */
  public record Answer(
      int order,
      int customer,
      int number,
      String item,
      int quantity,
      String attempt,
      String answer) {}

  /** One payment notice. */
  public record Notice(int order, String attempt, String state) {}

  /**
   * One message in a topic, of no transaction but this attempt's.
   *
   * @param number the how manieth order of the customer; -1 where it is not said
   * @param begunMillis when its transaction was begun
   * @param storedMillis when it became visible
   */
  public record StoredMessage(
      Place place,
      String messageId,
      int order,
      int customer,
      int number,
      String attempt,
      long begunMillis,
      long storedMillis) {

    String topic() {
      return place.topic();
    }
  }

  /** Where a message lies. */
  public record Place(String topic, int queue, long offset) {}

  /** The tries of this service; empty when it has none. */
  List<Attempt> attemptsOf(Role role) {
    return attempts.getOrDefault(role, List.of());
  }

  /** How many orders were taken back, however often they were tried before that was known. */
  int withdrawn() {
    return (int) attemptsOf(Role.ORDERS).stream()
        .filter(attempt -> "WITHDRAWN".equals(attempt.told()))
        .map(Attempt::order)
        .distinct()
        .count();
  }

  /** The messages of this topic. */
  List<StoredMessage> in(String topic) {
    return messages.stream().filter(message -> message.topic().equals(topic)).toList();
  }
}
