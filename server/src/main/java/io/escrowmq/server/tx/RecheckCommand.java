package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has producers asked about a transaction again. */
@Command(
    name = "recheck",
    description = "Asks the producers anew, also when they were asked in vain too often.",
    mixinStandardHelpOptions = true)
final class RecheckCommand implements Callable<Integer> {

  @Mixin
  private final IdParameter id = new IdParameter();

  @Mixin
  private final OperatorOptions options = new OperatorOptions();

  private final Doors doors;

  RecheckCommand(Doors doors) {
    this.doors = doors;
  }

  @Override
  public Integer call() {
    RecheckTransactionHeader header = new RecheckTransactionHeader(id.position(), options.who());
    try (Brokers brokers = options.brokers(doors)) {
      String done = brokers.ask(
          id.broker(),
          Request.of(RequestCode.RECHECK_TRANSACTION, header),
          answer -> options.isJson() ? "{}" : "The producers of " + id.text() + " are asked anew.");
      doors.out().println(done);
    }
    return 0;
  }
}
