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
  private static final Pattern USED = Pattern.compile("used (\\d+)([KMG])");
  private static final Pattern BESIDE_THE_HEAP = Pattern.compile("^\\s*(Metaspace|class space).*");

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

  /** What lives in the heap after everything else was collected. */
  static long liveHeapBytes(long pid) throws IOException, InterruptedException {
    ask(pid, "GC.run");
    return usedHeapBytes(ask(pid, "GC.heap_info"));
  }

  /** The sum over the spaces that {@code GC.heap_info} names, whatever the collector. */
  static long usedHeapBytes(String info) {
    long used = 0;
    for (String line : info.lines().toList()) {
      Matcher size = USED.matcher(line);
      if (!BESIDE_THE_HEAP.matcher(line).matches() && size.find()) {
        used += Long.parseLong(size.group(1)) * unit(size.group(2));
      }
    }
    return used;
  }

  private static long unit(String letter) {
    return switch (letter) {
      case "K" -> 1L << 10;
      case "M" -> 1L << 20;
      default -> 1L << 30;
    };
  }
}
