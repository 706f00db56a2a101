package io.escrowmq.client.pull;

import static io.escrowmq.client.pull.StoredMessages.QUEUE;

import io.escrowmq.client.Compression;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a broker gives to a consumer, and what other people's producers have packed into it. */
class DeliveriesFuzzTest extends FuzzContract {

  private static final TopicQueue RETRIES = new TopicQueue("%RETRY%stock", "a", 0);
  private static final long LARGEST_BODY = 64 << 20;

  @Override
  protected List<FuzzTarget> targets() {
    FuzzTarget expanded = FuzzTarget.of("compressed-bodies", DeliveriesFuzzTest::expand)
        .refusingWith(BadMessageException.class)
        .taking(4 * LARGEST_BODY, 2_000);
    for (Compression compression : Compression.values()) {
      expanded = expanded.reading(compressed(compression));
    }
    return List.of(
        FuzzTarget.of("pulled-messages", DeliveriesFuzzTest::readAll)
            .refusingWith(BadMessageException.class)
            .reading(StoredMessages.messages(QUEUE, 10, 12))
            .reading(StoredMessages.message(
                RETRIES, 1, 2, "RETRY_TOPIC\u0001orders\u0002KEYS\u0001a b\u0002")),
        expanded);
  }

  private static void readAll(byte[] input) {
    for (StoredDelivery delivery : PullBody.read(RETRIES, input, Set.of())) {
      delivery.topic();
      delivery.messageId();
      delivery.location();
      delivery.tag();
      delivery.keys();
      delivery.orderingKey();
      delivery.properties();
      delivery.attempt();
      delivery.sentAt();
      delivery.storedAt();
    }
    PullBody.read(QUEUE, input, Set.of("Aa"));
  }

  /** The first two bytes are the flags that say how the rest is compressed. */
  private static void expand(byte[] input) {
    if (input.length >= 2) {
      int flags = (input[0] & 0xFF) << 8 | (input[1] & 0xFF);
      byte[] unused = Compressor.expand(flags, Arrays.copyOfRange(input, 2, input.length));
    }
  }

  private static byte[] compressed(Compression compression) {
    int flags = Compressor.flagsOf(compression);
    byte[] body = Compressor.compress(
        compression, "a body, a body, a body".repeat(4).getBytes(StandardCharsets.UTF_8));
    byte[] input = new byte[2 + body.length];
    input[0] = (byte) (flags >>> 8);
    input[1] = (byte) flags;
    System.arraycopy(body, 0, input, 2, body.length);
    return input;
  }
}
