package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Which messages carry a key: a hash of topic and key to positions. Derived from the log. Owner: the
 * log loop; any thread finds.
 */
@SuppressWarnings("DoNotCallSuggester") // the signatures come first, the body follows
public final class KeyIndex implements View {

  private KeyIndex() {}

  /**
   * An index without entries, to be restored or filled by replay.
   *
   * @param background sorts and writes runs; one task at a time is enough
   */
  public static KeyIndex open(
      FileSystem files, Path directory, KeySettings settings, Executor background) {
    throw new UnsupportedOperationException();
  }

  /** The hash of a topic and one of its keys. Stored: never changes. */
  public static long hash(String topic, String key) {
    throw new UnsupportedOperationException();
  }

  /** What {@link #hash(long, ByteBuffer, int, int)} begins with; may be kept for each topic. */
  public static long seed(String topic) {
    throw new UnsupportedOperationException();
  }

  /** The same hash without a string: the key as UTF-8 at an index of a big-endian buffer. */
  public static long hash(long seed, ByteBuffer bytes, int index, int length) {
    throw new UnsupportedOperationException();
  }

  /** Adds one key of one message. The log loop only. */
  public void add(long keyHash, long position, long storeTimeMillis) {
    throw new UnsupportedOperationException();
  }

  /** The log before this position is gone. The log loop only. */
  public void forgetBefore(long logPosition) {
    throw new UnsupportedOperationException();
  }

  /**
   * Positions of messages with this hash that were stored in a span of time (both ends included),
   * newest first. Other keys may have the same hash, and a position may not be written yet: the
   * caller looks at the messages. May read files: not for event loops.
   */
  public long[] find(long keyHash, long fromTimeMillis, long toTimeMillis, int max) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public Image image() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restore(DataInput in) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Ends the use of the run files; readers and background tasks have stopped. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
