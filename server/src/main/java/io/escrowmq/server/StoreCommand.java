package io.escrowmq.server;

import io.escrowmq.broker.StoreRepair;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.Damage;
import io.escrowmq.store.RealFileSystem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an operator may do about damaged files of a broker that is stopped. */
@Command(
    name = "store",
    description = "Checks and repairs the files of a broker that is stopped.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code: 0 when nothing is damaged, or it was repaired; 1 when something is",
      "damaged or cannot be read now (check, repair --dry-run), or cannot be repaired;",
      "2 when the command line was not understood."
    })
final class StoreCommand {

  private StoreCommand() {}

  static CommandLine commandLine(Map<String, String> environment, PrintWriter out) {
    CommandLine store = new CommandLine(new StoreCommand());
    store.addSubcommand(new Check(new SettingsOptions(environment), out));
    store.addSubcommand(new Repair(new SettingsOptions(environment), out));
    return store;
  }

  private static StoreRepair repair(Settings settings) {
    RealFileSystem files = new RealFileSystem();
    Node node = new Node(settings, files, new NettyNetwork(), ThisMachine.surroundings());
    return new StoreRepair(
        node.storeSettings(TransactionKeys.of(settings)), files, ThisMachine.surroundings());
  }

  private static int check(Settings settings, PrintWriter out) {
    StoreRepair repair = repair(settings);
    List<Damage> found = repair.check();
    found.forEach(out::println);
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
      name = "check",
      description = "Says what is damaged, and what is lost with it. Changes nothing.",
      mixinStandardHelpOptions = true)
  private static final class Check implements Callable<Integer> {

    @Mixin
    private final SettingsOptions options;

    private final PrintWriter out;

    private Check(SettingsOptions options, PrintWriter out) {
      this.options = options;
      this.out = out;
    }

    @Override
    public Integer call() {
      return check(options.resolve(Role.BROKER), out);
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

    @Option(names = "--dry-run", description = "Only say what is damaged.")
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
        return check(settings, out);
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
