package io.escrowmq.server;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code --help} behind the command says: some of them know their own commands only then. */
@Command(
    name = "help",
    description = "Shows the help of a command, such as \"help tx\" or \"help tx list\".")
final class HelpCommand implements Callable<Integer> {

  @Parameters(paramLabel = "COMMAND", description = "Of which command; of all by default.")
  private @Nullable List<String> words;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    List<String> of = words == null ? List.of() : words;
    CommandSpec help = Objects.requireNonNull(spec);
    CommandLine all = help.root().commandLine();
    if (!of.isEmpty() && !all.getSubcommands().containsKey(of.get(0))) {
      throw new ParameterException(
          help.commandLine(),
          "There is no command '" + of.get(0) + "'; there are "
              + String.join(", ", all.getSubcommands().keySet()));
    }
    return all.execute(Stream.concat(of.stream(), Stream.of("--help")).toArray(String[]::new));
  }
}
