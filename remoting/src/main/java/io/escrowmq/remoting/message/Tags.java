package io.escrowmq.remoting.message;

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
}
