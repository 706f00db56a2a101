package io.escrowmq.broker.intake;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.TopicNames;

/**
 * How long the properties of a message may be that is sent. A consumer may send it back, and what comes
 * again also says where it came from and where it goes. The room for that is kept at the door, where the
 * sender hears of it; a consumer could do nothing about it.
 */
public final class PropertyRoom {

  /** Names and values that a retry adds: two topics, an id, a queue; some 370 bytes at most. */
  private static final int FOR_RETRIES = 512;

  static final int MOST_BYTES = Properties.MAX_BYTES - FOR_RETRIES;

  private static final int SURELY_ENOUGH =
      MOST_BYTES / 3; // characters: none has more bytes as UTF-8

  private PropertyRoom() {}

  /** Refuses properties, complete with the broker's own, that leave no room; retries have used it. */
  public static void check(String properties, String topic) {
    if (properties.length() > SURELY_ENOUGH && TopicNames.groupOf(topic) == null) {
      check(Properties.byteLength(properties));
    }
  }

  /** The same for so many bytes of a message that is no retry. */
  static void check(int bytes) {
    if (bytes > MOST_BYTES) {
      throw new RefusedException(new Refusal.PropertiesTooLong(bytes, MOST_BYTES));
    }
  }
}
