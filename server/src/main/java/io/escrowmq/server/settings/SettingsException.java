package io.escrowmq.server.settings;

import java.util.List;

/** Settings that cannot be used. Each problem is a sentence: what was said, where, what now. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;
  private final boolean onCommandLine;

  /**
   * @param onCommandLine whether any of it was said on the command line
   */
  public SettingsException(List<String> problems, boolean onCommandLine) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
    this.onCommandLine = onCommandLine;
  }

  public SettingsException(String problem) {
    this(List.of(problem), false);
  }

  /** Whether the command line was not understood. */
  public boolean isOnCommandLine() {
    return onCommandLine;
  }

  public List<String> problems() {
    return problems;
  }
}
