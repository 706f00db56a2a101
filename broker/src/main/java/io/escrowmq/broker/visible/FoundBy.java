package io.escrowmq.broker.visible;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyCursor;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.Tags;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a message is found by.
 *
 * @param tagCode the number of its tag
 * @param keyHashes of its unique key and of its first user keys
 */
record FoundBy(int tagCode, long[] keyHashes) {

  private static final int MOST_KEYS = 64; // further keys of a message are not indexed

  /** Of a message's keys: its unique key and the others. */
  static final int MOST_HASHES = 1 + MOST_KEYS;

  private static final byte[] TAGS = PropertyCursor.name(PropertyNames.TAGS);
  private static final byte[] UNIQUE_KEY = PropertyCursor.name(PropertyNames.UNIQUE_KEY);
  private static final byte[] KEYS = PropertyCursor.name(PropertyNames.KEYS);
  private static final long[] NONE = {};

  static FoundBy of(String topic, MessageView message) {
    return of(KeyIndex.seed(topic), message);
  }

  /** @param seed the {@link KeyIndex#seed} of the topic */
  static FoundBy of(long seed, MessageView message) {
    int tagCode = Tags.NONE;
    int uniqueAt = 0;
    int uniqueLength = 0;
    int keysAt = 0;
    int keysLength = 0;
    PropertyCursor property = message.propertyCursor();
    while (property.next()) { // of two of one name the last one counts
      if (property.isNamed(UNIQUE_KEY)) {
        uniqueAt = property.valueAt();
        uniqueLength = property.valueLength();
      } else if (property.isNamed(TAGS)) {
        tagCode = Tags.codeOf(property.bytes(), property.valueAt(), property.valueLength());
      } else if (property.isNamed(KEYS)) {
        keysAt = property.valueAt();
        keysLength = property.valueLength();
      }
    }
    ByteBuffer bytes = property.bytes();
    int unique = uniqueLength > 0 ? 1 : 0;
    long[] hashes = hashes(unique, seed, bytes, keysAt, keysAt + keysLength);
    if (unique > 0) {
      hashes[0] = KeyIndex.hash(seed, bytes, uniqueAt, uniqueLength);
    }
    return new FoundBy(tagCode, hashes);
  }

  /** Of keys that blanks separate, behind so many places that are left free. */
  private static long[] hashes(int free, long seed, ByteBuffer bytes, int from, int to) {
    if (from == to) {
      return free == 0 ? NONE : new long[free];
    }
    long[] hashes = new long[free + MOST_KEYS];
    int count = free;
    int begin = from;
    for (int at = from; at <= to && count < hashes.length; at++) {
      if (at == to || bytes.get(at) == ' ') {
        if (at > begin) {
          hashes[count++] = KeyIndex.hash(seed, bytes, begin, at - begin);
        }
        begin = at + 1;
      }
    }
    return Arrays.copyOf(hashes, count);
  }
}
