package io.escrowmq.server;

import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command takes settings. Filled by the command line parser. */
final class SettingsOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings from a properties file, or from YAML (.yaml, .yml).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; wins over the file and the environment. Repeatable.")
  private List<String> pairs = new ArrayList<>();

  private final Map<String, String> environment;

  SettingsOptions(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  Settings resolve(Role role) {
    return Settings.resolve(role, file, environment, pairs);
  }
}
