package io.escrowmq.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the samples of a flight recording fell: by thread, by the method that ran, and by the innermost method of our own.
 * Samples see Java only: time in the kernel, in the collector and in the compilers is in the table of threads of the raw
 * output, not here. Owner: one reader.
 */
final class ProfileSummary {
  private static final String SAMPLE = "jdk.ExecutionSample";
  private static final int ROWS = 20;

  private final Map<String, Integer> threads = new HashMap<>();
  private final Map<String, Integer> methods = new HashMap<>();
  private final Map<String, Integer> ours = new HashMap<>();
  private int samples;

  /** Prints a summary of each recording named. */
  public static void main(String[] files) throws IOException {
    for (String file : files) {
      System.out.println(read(Path.of(file)).text(file));
    }
  }

  static ProfileSummary read(Path file) throws IOException {
    ProfileSummary summary = new ProfileSummary();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (event.getEventType().getName().equals(SAMPLE) && event.getStackTrace() != null) {
          summary.add(
              event.getThread("sampledThread").getJavaName(),
              event.getStackTrace().getFrames());
        }
      }
    }
    return summary;
  }

  private void add(String thread, List<RecordedFrame> frames) {
    samples++;
    threads.merge(thread.replaceAll("[-_# ]*[0-9]+$", ""), 1, Integer::sum);
    methods.merge(first(frames, name -> true), 1, Integer::sum);
    ours.merge(first(frames, name -> name.startsWith("io.escrowmq.")), 1, Integer::sum);
  }

  private static String first(List<RecordedFrame> frames, Predicate<String> wanted) {
    return frames.stream()
        .filter(RecordedFrame::isJavaFrame)
        .map(frame ->
            frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
        .filter(wanted)
        .findFirst()
        .orElse("(none)");
  }

  String text(String title) {
    return "### " + title + ": " + samples + " samples\n"
        + table("thread", threads)
        + table("method", methods)
        + table("innermost method of ours", ours);
  }

  private String table(String what, Map<String, Integer> counts) {
    StringBuilder text = new StringBuilder("\n| " + what + " | % |\n| --- | --- |\n");
    new TreeMap<>(counts)
        .entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(ROWS)
            .forEach(e -> text.append(String.format(
                Locale.ROOT, "| %s | %.1f |%n", e.getKey(), 100.0 * e.getValue() / samples)));
    return text.toString();
  }
}
