package io.escrowmq.server.settings;

import java.nio.file.Path;

/** Where a value came from, in words. Immutable. */
public record Origin(String words) {

  static final Origin DEFAULT = new Origin("default");
  static final Origin COMMAND_LINE = new Origin("--set");

  static Origin file(Path file) {
    return new Origin("file " + file);
  }

  static Origin environment(String variable) {
    return new Origin("environment " + variable);
  }

  /** True if the default applies. */
  public boolean isDefault() {
    return equals(DEFAULT);
  }

  @Override
  public String toString() {
    return words;
  }
}
