package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.LocalFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Progress of one broadcasting consumer, in a file of its own: each member sees every message, so no
 * broker can keep it. Lines of "topic/broker/queue=offset". Any thread, one at a time.
 */
public final class LocalOffsets implements Offsets {

  private final LocalFiles files;
  private final Path file;
  private final Map<String, Long> offsets = new TreeMap<>(); // guarded by this

  private LocalOffsets(LocalFiles files, Path file) {
    this.files = files;
    this.file = file;
  }

  /** What the file says; none yet is no error. Throws {@link UncheckedIOException}. */
  public static LocalOffsets open(LocalFiles files, Path file) {
    LocalOffsets opened = new LocalOffsets(files, file);
    Properties lines = new Properties();
    try {
      byte[] content = files.read(file);
      if (content == null) {
        return opened;
      }
      lines.load(new StringReader(new String(content, StandardCharsets.UTF_8)));
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
    StringWriter text = new StringWriter();
    try {
      lines.store(text, "offsets of the first messages that are not done");
      files.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
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
