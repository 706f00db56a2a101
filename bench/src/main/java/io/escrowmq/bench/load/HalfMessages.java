package io.escrowmq.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageConst;

/**
 * Half-messages that nobody decides: messages with the properties by which the unmodified client, and then the broker, know a
 * half-message, so that any producer can send them, without waiting for one before it sends the next. One caller at a time.
 */
final class HalfMessages implements Supplier<Message> {
  private final String topic;
  private final String group;
  private final byte[] body;
  private final long nanosBetween;
  private long dueNanos = System.nanoTime();

  /**
   * {@code group}: of the producers that will be asked about them. {@code perSecond}: the pace at which they are handed out; 0
   * for none.
   */
  HalfMessages(String topic, String group, int bodyBytes, long perSecond) {
    this.topic = topic;
    this.group = group;
    this.body = Noise.bytes(bodyBytes);
    this.nanosBetween = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  @Override
  public Message get() {
    for (long early = dueNanos - System.nanoTime();
        nanosBetween > 0 && early > 0;
        early = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(early);
    }
    dueNanos += nanosBetween;
    Message message = new Message(topic, body);
    MessageAccessor.putProperty(message, MessageConst.PROPERTY_TRANSACTION_PREPARED, "true");
    MessageAccessor.putProperty(message, MessageConst.PROPERTY_PRODUCER_GROUP, group);
    return message;
  }
}
