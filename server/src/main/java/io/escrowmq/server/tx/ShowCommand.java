package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.TransactionIdHeader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints everything about one transaction. */
@Command(
    name = "show",
    description = "Prints one transaction, open or decided, with its half-messages.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {

  @Mixin
  private final IdParameter id = new IdParameter();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  private final Doors doors;

  ShowCommand(Doors doors) {
    this.doors = doors;
  }

  @Override
  public Integer call() {
    Request request =
        Request.of(RequestCode.SHOW_TRANSACTION, new TransactionIdHeader(id.position()));
    try (Brokers brokers = options.brokers(doors)) {
      String shown = brokers.ask(id.broker(), request, answer -> {
        TransactionEntry entry = TransactionEntry.read(answer.body());
        return options.isJson()
            ? JsonLine.of(answer.body()) + "\n"
            : TransactionSheet.of(entry, doors.clock().millis());
      });
      doors.out().print(shown);
      doors.out().flush();
    }
    return 0;
  }
}
