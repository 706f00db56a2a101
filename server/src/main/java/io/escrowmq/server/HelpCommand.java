package io.escrowmq.server;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
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
    CommandLine all = Objects.requireNonNull(spec).root().commandLine();
    // asked for its help, a command is not called, and misses nothing
    ParseResult parsed =
        all.parseArgs(Stream.concat(of.stream(), Stream.of("--help")).toArray(String[]::new));
    for (String word : of) {
      ParseResult next = parsed.subcommand();
      if (next == null) {
        throw noSuchCommand(word, parsed.commandSpec());
      }
      parsed = next;
    }
    CommandLine command = parsed.commandSpec().commandLine();
    command.usage(command.getOut());
    return ExitCode.OK;
  }

  private ParameterException noSuchCommand(String word, CommandSpec group) {
    Set<String> known = group.subcommands().keySet();
    return new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "There is no command '%s' of '%s'; %s"
            .formatted(
                word,
                group.qualifiedName(),
                known.isEmpty() ? "it has none" : "there are " + String.join(", ", known)));
  }
}
