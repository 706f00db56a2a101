package io.escrowmq.broker.recent;

import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Whether the messages of a send may be there already, because it was tried before. Immutable. */
public final class Once {

  private static final Once NO = new Once(null, List.of(), 0, false);

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

  /**
   * Of one message.
   *
   * @param whose sends are taken once
   * @param isHalf whether it waits for a decision, and stands in no queue
   * @param properties as its sender gave them
   * @param bodyCrc the checksum of its body
   */
  public static Once of(
      RecentSends recent, Deduplication.Of whose, boolean isHalf, String properties, int bodyCrc) {
    String key = key(whose, properties);
    return key == null ? NO : new Once(recent, List.of(UniqueKey.of(key, bodyCrc)), 1, isHalf);
  }

  /**
   * Of several messages, each with a key of its own. Where senders mark messages, the first and the last
   * one may speak for all: a crash may leave the beginning of what came together, so the last one says
   * that all are there.
   */
  public static Once ofEach(
      RecentSends recent,
      Deduplication.Of whose,
      boolean areHalves,
      int messages,
      IntFunction<String> properties,
      IntUnaryOperator bodyCrcs) {
    List<UniqueKey> keys = new ArrayList<>(2); // mostly those of the first and the last one
    for (int i = 0; i < messages; i++) {
      String key = key(whose, properties.apply(i));
      if (key == null) {
        break;
      }
      keys.add(UniqueKey.of(key, bodyCrcs.applyAsInt(i)));
    }
    if (keys.size() == messages) {
      return new Once(recent, keys, messages, areHalves);
    }
    int last = messages - 1;
    String lastKey = keys.isEmpty() || whose == Deduplication.Of.ALL
        ? null
        : Properties.value(properties.apply(last), PropertyNames.UNIQUE_KEY);
    return lastKey == null
        ? NO
        : new Once(
            recent,
            List.of(keys.get(0), UniqueKey.of(lastKey, bodyCrcs.applyAsInt(last))),
            messages,
            areHalves);
  }

  // What a broker has put in says that the message was stored before: it is sent on, not again.
  private static @Nullable String key(Deduplication.Of whose, String properties) {
    boolean isNamed = switch (whose) {
      case OFF -> false;
      case MARKED -> Properties.has(properties, PropertyNames.ESCROW_ONCE, "true");
      case ALL -> true;
    };
    return isNamed && !Properties.has(properties, PropertyNames.REGION)
        ? Properties.value(properties, PropertyNames.UNIQUE_KEY)
        : null;
  }

  /** Where its messages are, if it was taken before. The log loop only. */
  public RecentSends.@Nullable EarlierSend before(String topic) {
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
