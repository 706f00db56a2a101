package io.escrowmq.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks another JVM of the same user, with the tool of the JDK that this one runs on. */
final class Jcmd {
  private static final Pattern TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)\\s*$", Pattern.MULTILINE);

  private Jcmd() {}

  /** Hands back what it said. */
  static String ask(long pid, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /**
   * What the objects take that live after everything else was collected. What a collector says is in use is more: it counts the
   * buffers that threads allocate from, several megabytes of them in a heap that was just asked about.
   */
  static long liveHeapBytes(long pid) throws IOException, InterruptedException {
    return totalBytes(ask(pid, "GC.class_histogram"));
  }

  /** The sum at the end of a class histogram. */
  static long totalBytes(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IllegalArgumentException("no class histogram: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }
}
