package io.escrowmq.systemtests.driver;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** The push consumers of this process, by name. */
final class PushConsumers implements PushDriver {

  private static final int SUSPEND_MILLIS = 100;

  /** A consumer and what it was given. */
  private record Member(DefaultMQPushConsumer consumer, Deliveries deliveries) {}

  private final Map<String, Member> consumers = new ConcurrentHashMap<>();

  @Override
  public void startPush(String consumer, PushPlan plan) {
    DefaultMQPushConsumer started = new DefaultMQPushConsumer(plan.group());
    Messages.configure(started, consumer, plan.nameServers());
    started.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    if (plan.broadcasting()) {
      setBroadcasting(started);
    }
    started.setMaxReconsumeTimes(plan.maxReconsumeTimes());
    Deliveries deliveries = new Deliveries(plan.failures());
    if (plan.orderly()) {
      started.registerMessageListener(orderly(deliveries));
    } else {
      started.registerMessageListener(concurrently(deliveries, plan.retryDelayLevel()));
    }
    ExceptionTranslator.run(
        () -> started.subscribe(plan.topic(), Messages.selector(plan.wanted())));
    ExceptionTranslator.run(started::start);
    consumers.put(consumer, new Member(started, deliveries));
  }

  /** The one type that moved between 4.9 and 5.x: same method, same enum, another package. */
  private static void setBroadcasting(DefaultMQPushConsumer consumer) {
    for (Method method : DefaultMQPushConsumer.class.getMethods()) {
      if (method.getName().equals("setMessageModel")) {
        for (Object model : method.getParameterTypes()[0].getEnumConstants()) {
          if (model.toString().equals("BROADCASTING")) {
            ExceptionTranslator.run(() -> method.invoke(consumer, model));
          }
        }
      }
    }
  }

  private static MessageListenerOrderly orderly(Deliveries deliveries) {
    return (messages, context) -> {
      if (deliveries.succeeds(messages)) {
        return ConsumeOrderlyStatus.SUCCESS;
      }
      context.setSuspendCurrentQueueTimeMillis(SUSPEND_MILLIS);
      return ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT;
    };
  }

  private static MessageListenerConcurrently concurrently(Deliveries deliveries, int delayLevel) {
    return (messages, context) -> {
      context.setDelayLevelWhenNextConsume(delayLevel);
      return deliveries.succeeds(messages)
          ? ConsumeConcurrentlyStatus.CONSUME_SUCCESS
          : ConsumeConcurrentlyStatus.RECONSUME_LATER;
    };
  }

  @Override
  public List<ReceivedMessage> received(String consumer) {
    return find(consumer).deliveries().all();
  }

  @Override
  public void stopPush(String consumer) {
    // what it was given can still be asked for
    find(consumer).consumer().shutdown();
  }

  private Member find(String consumer) {
    return Messages.known(consumers.get(consumer), consumer);
  }

  /** What was delivered, and how often each message has failed. Any thread. */
  private static final class Deliveries {

    private final int failures;
    private final List<ReceivedMessage> received = new ArrayList<>();
    private final Map<String, Integer> attempts = new HashMap<>();

    Deliveries(int failures) {
      this.failures = failures;
    }

    synchronized boolean succeeds(List<MessageExt> messages) {
      boolean all = true;
      for (MessageExt message : messages) {
        ReceivedMessage delivery = Messages.fromClient(message);
        received.add(delivery);
        all &= attempts.merge(delivery.messageId(), 1, Integer::sum) > failures;
      }
      return all;
    }

    synchronized List<ReceivedMessage> all() {
      return new ArrayList<>(received);
    }
  }
}
