package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.SettingsException;
import io.escrowmq.server.tx.Doors;
import io.escrowmq.server.tx.TopicsCommand;
import io.escrowmq.server.tx.TxCommand;
import io.escrowmq.server.tx.TxException;
import io.escrowmq.store.StorageException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExitCodeGenerator;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: what is asked for, and how its end is told. */
@Command(
    name = "escrowmq",
    description = "A transactional message broker that RocketMQ clients connect to.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "From source: 'escrowmq demo' runs services that stay consistent when killed.",
      "",
      "Exit code: 0 all went well; 1 it did not, with a sentence that says why;",
      "2 the command line was not understood; 3 nobody was there to be asked, or",
      "memory ran out; 4 the broker's log failed while it ran. SIGTERM ends a server",
      "in order, with 0; one that is not done within 25 seconds ends with 1, and",
      "recovers at the next start.",
      "",
      "Environment: ESCROWMQ_STORE_DIR and so on for every setting; ESCROWMQ_JAVA (the",
      "java to use; otherwise the newest JDK found), ESCROWMQ_HEAP (512m),",
      "ESCROWMQ_JAVA_OPTS."
    })
public final class Main {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of failures.")
  private boolean debug;

  /** Runs one command, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, UTF_8);
    Exit exit = new Exit(err);
    CommandLine commandLine = commandLine(System.getenv(), exit, out, err);
    exit.now(commandLine.execute(arguments));
  }

  static CommandLine commandLine(
      Map<String, String> environment, Exit exit, PrintWriter out, PrintWriter err) {
    Main main = new Main();
    CommandLine commandLine = new CommandLine(main);
    for (Role role : Role.values()) {
      RunCommand run = new RunCommand(role, new SettingsOptions(environment), exit, out, err);
      CommandLine command = new CommandLine(run);
      command.getCommandSpec().usageMessage().description(RunCommand.description(role));
      commandLine.addSubcommand(role.word(), command);
    }
    commandLine.addSubcommand(new QuickstartCommand(exit, out));
    commandLine.addSubcommand(new ConfigCommand(new SettingsOptions(environment), out, err));
    commandLine.addSubcommand(
        TopicsCommand.commandLine(new Doors(Main::network, InstantSource.system(), out)));
    commandLine.addSubcommand(
        TxCommand.commandLine(new Doors(Main::network, InstantSource.system(), out)));
    commandLine.addSubcommand(LogCommand.commandLine(environment, out));
    commandLine.addSubcommand(new HelpCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
      main.tell(failure, err);
      if (failure instanceof SettingsException wrong && wrong.isOnCommandLine()) {
        return CommandLine.ExitCode.USAGE;
      }
      return failure instanceof IExitCodeGenerator generator
          ? generator.getExitCode()
          : CommandLine.ExitCode.SOFTWARE;
    });
    return commandLine;
  }

  private static RemotingClient network() {
    return new NettyNetwork().client(RequestTable.of(), RemotingSettings.forClient());
  }

  private void tell(Exception failure, PrintWriter err) {
    boolean expected = failure instanceof SettingsException
        || failure instanceof StartupException
        || failure instanceof StorageException
        || failure instanceof TxException;
    err.println(expected ? failure.getMessage() : "Failed: " + failure + " (--debug shows where).");
    if (debug) {
      failure.printStackTrace(err);
    }
  }

  /** The version of this build, as its jar says it. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "escrowmq " + (version == null ? "(unpackaged)" : version),
        "java " + System.getProperty("java.vm.version")
      };
    }
  }
}
