package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.JsonWriter;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.message.SysFlags;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commits or rolls back one transaction, in the name of an operator. */
@Command(mixinStandardHelpOptions = true)
final class DecideCommand implements Callable<Integer> {

  /** What an operator may order. */
  enum Order {
    COMMIT("commit", SysFlags.TRANSACTION_COMMIT, "Commits a transaction: its messages are seen."),
    ROLLBACK(
        "rollback",
        SysFlags.TRANSACTION_ROLLBACK,
        "Rolls a transaction back: nobody ever sees its messages.");

    private final String word;
    private final int wireValue;
    private final String description;

    Order(String word, int wireValue, String description) {
      this.word = word;
      this.wireValue = wireValue;
      this.description = description;
    }

    /** How it is called on the command line. */
    String word() {
      return word;
    }

    /** One line for the list of commands. */
    String description() {
      return description;
    }
  }

  @Mixin
  private final IdParameter id = new IdParameter();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      converter = Converters.OfWords.class,
      description = "Why; it is recorded with the decision.")
  private String reason = "";

  @Mixin
  private final OperatorOptions options = new OperatorOptions();

  private final Order order;
  private final Doors doors;

  DecideCommand(Order order, Doors doors) {
    this.order = order;
    this.doors = doors;
  }

  @Override
  public Integer call() {
    OrderTransactionHeader header =
        new OrderTransactionHeader(id.position(), order.wireValue, options.who(), reason);
    try (Brokers brokers = options.brokers(doors)) {
      String done = brokers.ask(
          id.broker(),
          Request.of(RequestCode.ORDER_TRANSACTION, header),
          answer -> told(DecisionResponseHeader.FIELDS.read(answer.fields())));
      doors.out().println(done);
    }
    return 0;
  }

  private String told(DecisionResponseHeader decision) {
    if (options.isJson()) {
      return inJson(decision);
    }
    return id.text()
        + (decision.again() ? " had been " : " is ")
        + TransactionWords.verdict(decision.verdict())
        + (decision.again() ? " already, " : ", ")
        + TransactionWords.atBy(decision.decidedMillis(), decision.decidedBy(), null)
        + (decision.leftOut() > 0
            ? "; half-messages that became visible nowhere, because their topics were deleted: "
                + decision.leftOut()
            : "")
        + ".";
  }

  private static String inJson(DecisionResponseHeader decision) {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .member("verdict", decision.verdict())
        .member("decidedMillis", decision.decidedMillis())
        .member("decidedBy", decision.decidedBy())
        .member("again", decision.again());
    if (decision.leftOut() > 0) {
      json.member("leftOut", decision.leftOut());
    }
    return json.endObject().toString();
  }
}
