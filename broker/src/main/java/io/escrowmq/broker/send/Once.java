package io.escrowmq.broker.send;

import io.escrowmq.broker.visible.StoredMessages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the messages of a send may be there already, because it was tried before. Immutable. */
public final class Once {

  private final @Nullable RecentSends recent;
  private final List<UniqueKey> keys; // of all messages, or of the first and the last one
  private final int messages;
  private final boolean areHalves;

  private Once(
      @Nullable RecentSends recent, List<UniqueKey> keys, int messages, boolean areHalves) {
    this.recent = recent;
    this.keys = keys;
    this.messages = messages;
    this.areHalves = areHalves;
  }

  /** Every send is a new one. */
  public static Once no() {
    return NO;
  }

  private static final Once NO = new Once(null, List.of(), 0, false);

  /**
   * A send is taken once.
   *
   * @param keys unique keys: one a message, or those of the first and the last one, which speak for all:
   *     a crash may leave the beginning of what came together, so the last one says that all are there
   * @param areHalves whether they wait for a decision, and stand in no queue
   */
  public static Once of(
      RecentSends recent, List<String> keys, EncodedMessages encoded, boolean areHalves) {
    int messages = encoded.count();
    List<UniqueKey> known = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      int message = i == keys.size() - 1 ? messages - 1 : i;
      known.add(UniqueKey.of(keys.get(i), encoded.bodyCrc(message)));
    }
    return new Once(recent, known, messages, areHalves);
  }

  /** Where its messages are, if it was taken before. The log loop only. */
  public @Nullable Stored before(String topic) {
    if (recent == null) {
      return null;
    }
    return areHalves
        ? recent.findHalves(topic, keys, messages)
        : recent.find(topic, keys, messages);
  }

  /** What the flags of a message's record say, so that it is known when it comes again. */
  public int flag(int message) {
    boolean isNamed = message < keys.size() - 1 || message == messages - 1;
    return recent != null && isNamed ? StoredMessages.ONCE : 0;
  }
}
