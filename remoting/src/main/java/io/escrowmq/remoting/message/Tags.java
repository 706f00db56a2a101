package io.escrowmq.remoting.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The number that stands for a tag in a queue's index and in a subscription. */
public final class Tags {

  /** What stands for "no tag". */
  public static final int NONE = 0;

  private Tags() {}

  /** Java's hash of the tag, as the clients compute it; {@link #NONE} for null and "". */
  public static int codeOf(@Nullable String tag) {
    return tag == null ? NONE : tag.hashCode();
  }

  /** The same of a tag in UTF-8, at an index of a buffer. */
  public static int codeOf(ByteBuffer bytes, int at, int length) {
    int code = 0;
    for (int i = at; i < at + length; i++) {
      byte one = bytes.get(i);
      if (one < 0) {
        return codeOf(StandardCharsets.UTF_8.decode(bytes.slice(at, length)).toString());
      }
      code = 31 * code + one;
    }
    return code;
  }
}
