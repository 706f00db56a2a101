package io.escrowmq.server;

import io.escrowmq.broker.StoreRepair;
import io.escrowmq.remoting.Machine;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an operator may do about the log of a broker that is stopped, and about the files made from it. */
@Command(
    name = "log",
    description = "Verifies, prints and repairs the log of a broker that is stopped, and the files"
        + " that are made from it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code: 0 when nothing is damaged, or it was repaired; 1 when something is",
      "damaged or cannot be read now (verify, dump, repair --dry-run), or cannot be",
      "repaired; 2 when the command line was not understood."
    })
final class LogCommand {

  private LogCommand() {}

  static CommandLine commandLine(Map<String, String> environment, PrintWriter out) {
    CommandLine log = new CommandLine(new LogCommand());
    log.addSubcommand(new Verify(new SettingsOptions(environment), out));
    log.addSubcommand(new DumpCommand(new SettingsOptions(environment), out));
    log.addSubcommand(new Repair(new SettingsOptions(environment), out));
    return log;
  }

  private static StoreRepair repair(Settings settings) {
    Machine<FileSystem> machine = ThisMachine.whole();
    Node node = new Node(settings, machine);
    return new StoreRepair(
        node.storeSettings(TransactionKeys.of(settings)), machine.files(), machine.surroundings());
  }

  private static int verify(Settings settings, PrintWriter out, Function<Damage, String> inWords) {
    StoreRepair repair = repair(settings);
    List<Damage> found = repair.check();
    found.stream().map(inWords).forEach(out::println);
    if (found.isEmpty()) {
      repair.lost().forEach(it -> out.println("An earlier repair gave up a record: " + it + "."));
    }
    long unreadable = found.stream().filter(Damage::mayPass).count();
    long damaged = found.size() - unreadable;
    String number = damaged == 0 ? "Nothing is damaged" : "Damaged places: " + damaged;
    String now = unreadable == 0 ? "" : "; what cannot be read now: " + unreadable;
    out.println(number + " in " + settings.value(Keys.STORE_DIR) + now + ".");
    return found.isEmpty() ? 0 : 1;
  }

  @Command(
      name = "verify",
      description = "Says what is damaged, what is lost with it, and what depends on that. Changes"
          + " nothing.",
      mixinStandardHelpOptions = true)
  private static final class Verify implements Callable<Integer> {

    @Mixin
    private final SettingsOptions options;

    private final PrintWriter out;

    private Verify(SettingsOptions options, PrintWriter out) {
      this.options = options;
      this.out = out;
    }

    @Override
    public Integer call() {
      return verify(options.resolve(Role.BROKER), out, Damage::toString);
    }
  }

  @Command(
      name = "repair",
      description = "Makes a damaged store usable: everything outside the damage stays. What cannot"
          + " be used is moved into a directory damaged-<date> of the store; nothing is deleted.",
      mixinStandardHelpOptions = true)
  private static final class Repair implements Callable<Integer> {

    @Mixin
    private final SettingsOptions options;

    @Option(
        names = "--dry-run",
        description = "Only say what is damaged, and what a repair would do about it.")
    private boolean dryRun;

    private final PrintWriter out;

    private Repair(SettingsOptions options, PrintWriter out) {
      this.options = options;
      this.out = out;
    }

    @Override
    public Integer call() {
      Settings settings = options.resolve(Role.BROKER);
      if (dryRun) {
        return verify(settings, out, Damage::withRepair);
      }
      StoreRepair repair = repair(settings);
      List<String> told = repair.repair();
      told.forEach(out::println);
      out.println(
          told.isEmpty()
              ? "Nothing was damaged in " + settings.value(Keys.STORE_DIR) + "."
              : "Repaired; what cannot be used is in " + repair.aside() + ". Start the broker.");
      return 0;
    }
  }
}
