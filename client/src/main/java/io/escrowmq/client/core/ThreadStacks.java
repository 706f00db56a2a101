package io.escrowmq.client.core;

import java.util.Comparator;
import java.util.Map;

/** What the threads of this process are doing, as a text for people. */
public final class ThreadStacks {

  private ThreadStacks() {}

  /** All threads, in the order of their names. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Thread::getName)))
        .forEach(entry -> {
          text.append(entry.getKey().getName())
              .append(", ")
              .append(entry.getKey().getState());
          for (StackTraceElement frame : entry.getValue()) {
            text.append("\n    ").append(frame);
          }
          text.append("\n\n");
        });
    return text.toString();
  }
}
