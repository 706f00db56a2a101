package io.escrowmq.server.tx;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What is in escrow, and what an operator may do about it. */
@Command(
    name = "tx",
    description = "Shows transactions that are not decided, and decides them by hand.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code: 0 when it was done, 1 when a broker refused (with its words),",
      "2 when the command line was not understood, 3 when nobody was reachable."
    })
public final class TxCommand {

  private TxCommand() {}

  /**
   * The command as a part of another one's command line. Its own commands are made when it is called:
   * no start of a server should wait 20 ms for them.
   */
  public static CommandLine commandLine(Doors doors) {
    CommandLine tx = new CommandLine(new TxCommand());
    tx.getCommandSpec().preprocessor((arguments, spec, argument, known) -> {
      addCommands(spec.commandLine(), doors);
      return false; // the arguments are still to be read
    });
    return tx;
  }

  private static void addCommands(CommandLine tx, Doors doors) {
    tx.addSubcommand(new ListCommand(doors));
    tx.addSubcommand(new ShowCommand(doors));
    for (DecideCommand.Order order : DecideCommand.Order.values()) {
      CommandLine command = new CommandLine(new DecideCommand(order, doors));
      command.getCommandSpec().usageMessage().description(order.description());
      tx.addSubcommand(order.word(), command);
    }
    tx.addSubcommand(new RecheckCommand(doors));
    tx.addSubcommand(new MetricsCommand(doors));
    // what was set for all commands before these were there
    tx.setCaseInsensitiveEnumValuesAllowed(tx.isCaseInsensitiveEnumValuesAllowed());
    tx.setOut(tx.getOut());
    tx.setErr(tx.getErr());
  }
}
