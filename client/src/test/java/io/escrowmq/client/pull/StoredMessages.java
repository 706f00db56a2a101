package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages as a broker would send them: body "m" and offset, at 1,000 plus offset in the log. */
public final class StoredMessages {

  public static final TopicQueue QUEUE = new TopicQueue("orders", "a", 0);

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  private StoredMessages() {}

  public static byte[] message(
      TopicQueue queue, long offset, int reconsumeTimes, String properties) {
    byte[] bytes = MessageCodec.encode(new NewMessage(
        queue.topic(),
        queue.queueId(),
        0,
        0,
        5,
        HOST,
        HOST,
        reconsumeTimes,
        0,
        ByteBuffer.wrap(("m" + offset).getBytes(StandardCharsets.UTF_8)),
        properties));
    MessageCodec.stamp(bytes, offset, 1_000 + offset, 6);
    return bytes;
  }

  /** The body of a pull's answer: messages from one offset up to, but not with, another. */
  public static byte[] messages(TopicQueue queue, long from, long to) {
    ByteBuffer all = ByteBuffer.allocate((int) (to - from) * 200);
    for (long offset = from; offset < to; offset++) {
      all.put(message(queue, offset, 0, "UNIQ_KEY\u0001U" + offset + '\u0002'));
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  public static StoredDelivery delivery(TopicQueue queue, long offset, int reconsumeTimes) {
    return new StoredDelivery(queue, MessageView.of(message(queue, offset, reconsumeTimes, "")));
  }
}
