package io.escrowmq.broker.core;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.Tags;
import io.escrowmq.store.queue.KeyIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message is found by.
 *
 * @param tagCode the number of its tag
 * @param keyHashes of its unique key and of its first user keys
 */
record FoundBy(int tagCode, long[] keyHashes) {

  private static final int MOST_KEYS = 64; // further keys of a message are not indexed

  private static final long[] NONE = {};

  static FoundBy of(String topic, MessageView message) {
    @Nullable
    String[] values =
        message.properties(PropertyNames.TAGS, PropertyNames.UNIQUE_KEY, PropertyNames.KEYS);
    return new FoundBy(Tags.codeOf(values[0]), hashes(topic, values[1], values[2]));
  }

  private static long[] hashes(
      String topic, @Nullable String uniqueKey, @Nullable String userKeys) {
    List<String> keys = Properties.splitKeys(userKeys);
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
}
