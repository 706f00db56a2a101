package io.escrowmq.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How long this process has been there, the launcher script included. */
final class ProcessAge {

  private static final int TICKS_PER_SECOND = 100; // what Linux shows to user space, everywhere
  private static final int START_TIME_FIELD = 19; // counted from the process state on

  private ProcessAge() {}

  /**
   * {@code ProcessHandle} would tell it by the second only, the management bean without the start of
   * the virtual machine; Linux knows hundredths.
   */
  static Duration now() {
    if (Boolean.getBoolean("escrowmq.prepared")) {
      // The script built jars first; that is no part of a start.
      return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double startedSeconds = Double.parseDouble(fields[START_TIME_FIELD]) / TICKS_PER_SECOND;
      String uptime = Files.readString(Path.of("/proc/uptime"));
      double upSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      if (upSeconds >= startedSeconds) {
        return Duration.ofMillis(Math.round((upSeconds - startedSeconds) * 1000));
      }
    } catch (IOException | RuntimeException e) {
      // not Linux, or a container that hides its own age
    }
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }
}
