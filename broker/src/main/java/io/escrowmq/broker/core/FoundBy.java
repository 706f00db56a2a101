package io.escrowmq.broker.core;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.queue.KeyIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message can be found by: its unique key and its first user keys. */
final class MessageKeys {

  private static final int MOST_KEYS = 64; // further keys of a message are not indexed

  private static final long[] NONE = {};

  private MessageKeys() {}

  static long[] hashesOf(String topic, MessageView message) {
    String uniqueKey = message.property(PropertyNames.UNIQUE_KEY);
    List<String> keys = userKeys(message.property(PropertyNames.KEYS));
    int unique = uniqueKey == null ? 0 : 1;
    int count = unique + Math.min(keys.size(), MOST_KEYS);
    if (count == 0) {
      return NONE;
    }
    long[] hashes = new long[count];
    if (uniqueKey != null) {
      hashes[0] = KeyIndex.hash(topic, uniqueKey);
    }
    for (int i = unique; i < count; i++) {
      hashes[i] = KeyIndex.hash(topic, keys.get(i - unique));
    }
    return hashes;
  }

  private static List<String> userKeys(@Nullable String keys) {
    return keys == null ? List.of() : Properties.splitKeys(keys);
  }
}
