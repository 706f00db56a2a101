package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Progress of one broadcasting consumer, in a file of its own: each member sees every message, so no
 * broker can keep it. Lines of "topic/broker/queue=offset". Written beside the file and moved into
 * place: if the process stops in between, the file before is still there. Any thread, one at a time.
 */
public final class LocalOffsets implements Offsets {

  private final Path file;
  private final Map<String, Long> offsets = new TreeMap<>(); // guarded by this

  private LocalOffsets(Path file) {
    this.file = file;
  }

  /** What the file says; none yet is no error. Throws {@link UncheckedIOException}. */
  public static LocalOffsets open(Path file) {
    LocalOffsets opened = new LocalOffsets(file);
    if (!Files.exists(file)) {
      return opened;
    }
    Properties lines = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      lines.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the offsets in " + file + " cannot be read", e);
    }
    for (String queue : lines.stringPropertyNames()) {
      try {
        opened.offsets.put(queue, Long.parseLong(lines.getProperty(queue)));
      } catch (NumberFormatException e) {
        throw new UncheckedIOException(
            new IOException("the offset of " + queue + " in " + file + " is not a number", e));
      }
    }
    return opened;
  }

  @Override
  public synchronized CompletionStage<OptionalLong> recorded(TopicQueue queue) {
    Long offset = offsets.get(queue.toString());
    return CompletableFuture.completedFuture(
        offset == null ? OptionalLong.empty() : OptionalLong.of(offset));
  }

  @Override
  public synchronized void record(Map<TopicQueue, Long> changed) {
    changed.forEach((queue, offset) -> offsets.put(queue.toString(), offset));
    Properties lines = new Properties();
    offsets.forEach((queue, offset) -> lines.setProperty(queue, Long.toString(offset)));
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (Writer out = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
        lines.store(out, "offsets of the first messages that are not done");
      }
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the offsets cannot be written to " + file, e);
    }
  }

  @Override
  public CompletionStage<Void> recordSafely(Map<TopicQueue, Long> changed) {
    try {
      record(changed);
      return CompletableFuture.completedFuture(null);
    } catch (UncheckedIOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
