package io.escrowmq.server.tx;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The topics of all brokers, many at a time. */
@Command(
    name = "topics",
    description = "Lists topics, and deletes many at once.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code: 0 when it was done, 1 when a broker refused (with its words),",
      "2 when the command line was not understood, 3 when nobody was reachable."
    })
public final class TopicsCommand {

  private TopicsCommand() {}

  /** The command as a part of another one's command line; its own are made when it is called. */
  public static CommandLine commandLine(Doors doors) {
    CommandLine topics = new CommandLine(new TopicsCommand());
    topics.getCommandSpec().preprocessor((arguments, spec, argument, known) -> {
      addCommands(spec.commandLine(), doors);
      return false; // the arguments are still to be read
    });
    return topics;
  }

  private static void addCommands(CommandLine topics, Doors doors) {
    for (MatchingTopicsCommand.Action action : MatchingTopicsCommand.Action.values()) {
      CommandLine command = new CommandLine(new MatchingTopicsCommand(action, doors));
      command.getCommandSpec().usageMessage().description(action.description());
      topics.addSubcommand(action.word(), command);
    }
    // what was set for all commands before these were there
    topics.setCaseInsensitiveEnumValuesAllowed(topics.isCaseInsensitiveEnumValuesAllowed());
    topics.setOut(topics.getOut());
    topics.setErr(topics.getErr());
  }
}
