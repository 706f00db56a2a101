package io.escrowmq.broker.send;

import io.escrowmq.broker.visible.StoredMessages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the messages of a send may be there already, because it was tried before. Immutable. */
public final class Once {

  private final @Nullable RecentSends recent;
  private final List<UniqueKey> keys; // of the first messages, or of all
  private final int messages;

  private Once(@Nullable RecentSends recent, List<UniqueKey> keys, int messages) {
    this.recent = recent;
    this.keys = keys;
    this.messages = messages;
  }

  /** Every send is a new one. */
  public static Once no() {
    return NO;
  }

  private static final Once NO = new Once(null, List.of(), 0);

  /**
   * A send is taken once.
   *
   * @param keys unique keys: one a message, or that of the first, which speaks for all
   * @param encoded the messages, the first ones in the keys' order
   * @param messages how many there are
   */
  public static Once of(
      RecentSends recent, List<String> keys, EncodedMessages encoded, int messages) {
    List<UniqueKey> known = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      known.add(UniqueKey.of(keys.get(i), encoded.bodyCrc(i)));
    }
    return new Once(recent, known, messages);
  }

  /** Where its messages are, if it was taken before. The log loop only. */
  public @Nullable Stored before(String topic) {
    return recent == null ? null : recent.find(topic, keys, messages);
  }

  /** What the flags of a message's record say, so that it is known when it comes again. */
  public int flag(int message) {
    return message < keys.size() ? StoredMessages.ONCE : 0;
  }
}
