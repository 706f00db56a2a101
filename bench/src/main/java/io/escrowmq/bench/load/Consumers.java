package io.escrowmq.bench.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** Starts push consumers, each in a group nobody used before, with the client's own defaults. */
final class Consumers {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final long RUN = System.currentTimeMillis();

  private Consumers() {}

  static DefaultMQPushConsumer start(Topic topic, Consumer<MessageExt> each)
      throws MQClientException {
    DefaultMQPushConsumer consumer =
        new DefaultMQPushConsumer("bench-" + RUN + "-" + NUMBER.incrementAndGet());
    consumer.setNamesrvAddr(topic.namesrv());
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    consumer.subscribe(topic.name(), "*");
    consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
      messages.forEach(each);
      return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
    });
    consumer.start();
    return consumer;
  }
}
