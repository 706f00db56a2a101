package io.escrowmq.demo.ledger;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.ledger.Books.Answer;
import io.escrowmq.demo.ledger.Books.Attempt;
import io.escrowmq.demo.ledger.Books.Notice;
import io.escrowmq.demo.ledger.Books.Order;
import io.escrowmq.demo.ledger.Books.Stock;
import io.escrowmq.demo.ledger.Books.StoredMessage;
import io.escrowmq.demo.shop.Shop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Judges the books: eight invariants, each with what violates it. Pure; owner: whoever asks. */
public final class Ledger {

  private final Books books;
  private final Map<String, Map<String, Set<String>>> idsByTopicAndAttempt;

  public Ledger(Books books) {
    this.books = books;
    this.idsByTopicAndAttempt = books.messages().stream()
        .collect(groupingBy(
            StoredMessage::topic,
            groupingBy(StoredMessage::attempt, mapping(StoredMessage::messageId, toSet()))));
  }

  /** The findings, I1 to I8. */
  public List<Finding> judge() {
    return List.of(
        new Finding("I1", "each committed row has its message, and its effect, once", once()),
        new Finding("I2", "nothing that was rolled back is visible", neverVisible()),
        new Finding("I3", "stock at first = at hand + reserved, never below 0", stock()),
        new Finding("I4", "what was decided stays so when the broker is killed again", stable()),
        new Finding("I5", "all messages of a transaction are visible, or none", allOrNone()),
        new Finding("I6", "each customer's orders stay in order", ordered()),
        new Finding("I7", "nothing is left in doubt", inDoubt()),
        new Finding("I8", "every end that nobody was told of is one of the two", resolved()));
  }

  private List<String> once() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      committed(role).forEach((attempt, order) -> {
        int messages = ids(topic(role), attempt).size();
        if (messages != 1) {
          wrong.add("order " + order + " has " + messages + " messages in " + topic(role));
        }
      });
    }
    Map<Integer, List<String>> answers = books.answers().stream()
        .collect(groupingBy(Answer::order, mapping(Answer::answer, toList())));
    Map<Integer, List<String>> notices = books.notices().stream()
        .collect(groupingBy(Notice::order, mapping(Notice::state, toList())));
    for (Order order : books.orders()) {
      String chain = answers.getOrDefault(order.id(), List.of()) + " "
          + notices.getOrDefault(order.id(), List.of()) + " " + order.state();
      if (!chain.equals("[RESERVED] [DUE] CONFIRMED")
          && !chain.equals("[REFUSED] [VOID] CANCELLED")) {
        wrong.add("order " + order.id() + " has come to " + chain);
      }
    }
    int ended = books.orders().size() + books.withdrawn();
    if (ended != books.wanted()) {
      wrong.add(ended + " of " + books.wanted() + " orders were placed or withdrawn");
    }
    return wrong;
  }

  private List<String> neverVisible() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      Set<String> committed = committed(role).keySet();
      for (StoredMessage message : books.messages()) {
        boolean own = message.topic().equals(topic(role))
            || (role == Role.ORDERS && message.topic().equals(Shop.JOURNAL));
        if (own && !committed.contains(message.attempt())) {
          wrong.add("order " + message.order() + " is in " + message.topic()
              + ", and its transaction " + "is not in the database of the " + role.title());
        }
      }
    }
    return wrong;
  }

  private List<String> stock() {
    List<String> wrong = new ArrayList<>();
    for (Stock stock : books.stock()) {
      int reserved = books.answers().stream()
          .filter(
              answer -> answer.item().equals(stock.item()) && answer.answer().equals("RESERVED"))
          .mapToInt(Answer::quantity)
          .sum();
      if (stock.atHand() < 0 || stock.atFirst() != stock.atHand() + reserved) {
        wrong.add(stock.item() + ": " + stock.atFirst() + " at first, " + stock.atHand()
            + " at hand, " + reserved + " reserved");
      }
    }
    return wrong;
  }

  private List<String> stable() {
    List<String> wrong = new ArrayList<>();
    Set<StoredMessage> before = new HashSet<>(books.messages());
    Set<StoredMessage> after = new HashSet<>(books.messagesAgain());
    for (StoredMessage message : books.messages()) {
      if (!after.contains(message)) {
        wrong.add("order " + message.order() + " has vanished from " + message.topic());
      }
    }
    for (StoredMessage message : books.messagesAgain()) {
      if (!before.contains(message)) {
        wrong.add("order " + message.order() + " has come to " + message.topic() + " afterwards");
      }
    }
    return wrong;
  }

  private List<String> allOrNone() {
    List<String> wrong = new ArrayList<>();
    for (Attempt attempt : books.attemptsOf(Role.ORDERS)) {
      boolean inOrders = !ids(Shop.ORDERS, attempt.id()).isEmpty();
      boolean inJournal = !ids(Shop.JOURNAL, attempt.id()).isEmpty();
      if (inOrders != inJournal) {
        wrong.add(
            "order " + attempt.order() + " is only in " + (inOrders ? Shop.ORDERS : Shop.JOURNAL));
      }
    }
    return wrong;
  }

  private List<String> ordered() {
    List<String> wrong = new ArrayList<>();
    Map<Integer, Set<Integer>> queues = new TreeMap<>();
    Map<Integer, Integer> last = new HashMap<>();
    books.in(Shop.ORDERS).stream()
        .sorted(
            Comparator.comparingInt((StoredMessage message) -> message.place().queue())
                .thenComparingLong(message -> message.place().offset()))
        .forEach(message -> {
          queues
              .computeIfAbsent(message.customer(), none -> new HashSet<>())
              .add(message.place().queue());
          follow(last, message.customer(), message.number(), Shop.ORDERS, wrong);
        });
    queues.forEach((customer, of) -> {
      if (of.size() > 1) {
        wrong.add("customer " + customer + " is in the queues " + of + " of " + Shop.ORDERS);
      }
    });
    last.clear();
    for (Answer answer : books.answers()) {
      follow(last, answer.customer(), answer.number(), "the answers", wrong);
    }
    return wrong;
  }

  private static void follow(
      Map<Integer, Integer> last, int customer, int number, String where, List<String> wrong) {
    int before = last.getOrDefault(customer, -1);
    if (number < before) {
      wrong.add("customer " + customer + ": order " + number + " follows order " + before + " in "
          + where);
    }
    last.put(customer, Math.max(before, number));
  }

  private List<String> inDoubt() {
    return books.inDoubt() == 0
        ? List.of()
        : List.of(books.inDoubt() + " transactions are still in doubt");
  }

  private List<String> resolved() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      Set<String> committed = committed(role).keySet();
      for (Attempt attempt : books.attemptsOf(role)) {
        boolean row = committed.contains(attempt.id());
        boolean visible = !ids(topic(role), attempt.id()).isEmpty();
        String told = attempt.told();
        if (row != visible) {
          wrong.add("order " + attempt.order() + ", " + role.title() + ": "
              + (row ? "a row without a message" : "a message without a row"));
        } else if (told != null && !told.equals("UNKNOWN") && row != told.equals("COMMITTED")) {
          wrong.add("order " + attempt.order() + ", " + role.title() + ": told " + told
              + ", and it was " + (row ? "committed" : "rolled back"));
        }
      }
    }
    return wrong;
  }

  /** The attempts of which there are business rows, with the order of each. */
  private Map<String, Integer> committed(Role role) {
    Map<String, Integer> committed = new TreeMap<>();
    switch (role) {
      case ORDERS -> books.orders().forEach(row -> committed.put(row.attempt(), row.id()));
      case INVENTORY -> books.answers().forEach(row -> committed.put(row.attempt(), row.order()));
      case PAYMENTS -> books.notices().forEach(row -> committed.put(row.attempt(), row.order()));
    }
    return committed;
  }

  private static String topic(Role role) {
    return switch (role) {
      case ORDERS -> Shop.ORDERS;
      case INVENTORY -> Shop.STOCK;
      case PAYMENTS -> Shop.PAYMENTS;
    };
  }

  private Set<String> ids(String topic, String attempt) {
    return idsByTopicAndAttempt.getOrDefault(topic, Map.of()).getOrDefault(attempt, Set.of());
  }
}
