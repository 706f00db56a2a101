package io.escrowmq.server.tx;

import picocli.CommandLine.Option;

/** The options of commands that decide. Filled by the command line parser. */
final class OperatorOptions extends OutputOptions {

  @Option(
      names = "--who",
      paramLabel = "NAME",
      converter = Converters.OfWords.class,
      defaultValue = "${sys:user.name}",
      description = "Who decides, as it is recorded; ${DEFAULT-VALUE} by default.")
  private String who = "";

  String who() {
    return who;
  }
}
