package io.escrowmq.server;

import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints every setting: value, default, origin, help. */
@Command(
    name = "config",
    description = "Prints every setting: value, default, where it came from, one line of help.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {

  /** The forms that the reference can be printed in; their names are words of the command line. */
  enum Form {
    TABLE,
    JSON,
    MARKDOWN
  }

  @Mixin
  private final SettingsOptions options;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table (the default), json or markdown.")
  private Form form = Form.TABLE;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "server",
      description = "Whose defaults: server (the default), namesrv or broker.")
  private Role role = Role.SERVER;

  private final PrintWriter out;
  private final PrintWriter err;

  ConfigCommand(SettingsOptions options, PrintWriter out, PrintWriter err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Settings settings = options.resolve(role);
    SettingsReport report = new SettingsReport(settings);
    out.print(
        switch (form) {
          case TABLE -> report.table();
          case JSON -> report.json();
          case MARKDOWN -> report.markdown();
        });
    out.flush();
    for (String warning : settings.warnings()) {
      err.println(warning);
    }
    return 0;
  }
}
