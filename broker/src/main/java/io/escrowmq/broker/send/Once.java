package io.escrowmq.broker.send;

import io.escrowmq.broker.core.StoredMessages;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the messages of a send may be there already, because it was tried before. Immutable. */
public final class Once {

  private final @Nullable RecentSends recent;
  private final List<UniqueKey> keys;

  private Once(@Nullable RecentSends recent, List<UniqueKey> keys) {
    this.recent = recent;
    this.keys = keys;
  }

  /** Every send is a new one. */
  public static Once no() {
    return NO;
  }

  private static final Once NO = new Once(null, List.of());

  /** A send with these unique keys, one a message, is taken once. */
  public static Once of(RecentSends recent, List<String> keys) {
    return new Once(recent, keys.stream().map(UniqueKey::of).toList());
  }

  /** Where its messages are, if it was taken before. The log loop only. */
  public @Nullable Stored before(String topic) {
    return recent == null ? null : recent.find(topic, keys);
  }

  /** What the flags of its records say, so that it is known when it comes again. */
  public int flag() {
    return recent == null ? 0 : StoredMessages.ONCE;
  }
}
