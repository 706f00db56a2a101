package io.escrowmq.systemtests.driver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** The repliers of this process, by name, and requests of its producers. */
final class Requests implements RequestDriver {

  /** A consumer, the producer by which it replies, and what became of its replies. */
  private record Replier(
      DefaultMQPushConsumer consumer, DefaultMQProducer producer, List<String> outcomes) {}

  private final Producers producers;
  private final Map<String, Replier> repliers = new ConcurrentHashMap<>();

  Requests(Producers producers) {
    this.producers = producers;
  }

  @Override
  public String ask(String producer, OutgoingMessage message, long timeoutMillis) {
    return Messages.body(ExceptionTranslator.get(
        () -> producers.find(producer).request(Messages.toClient(message), timeoutMillis)));
  }

  @Override
  public void startReplier(String replier, String nameServers, String group, String topic) {
    DefaultMQProducer producer = new DefaultMQProducer(group + "-replies");
    Messages.configure(producer, replier + "-replies", nameServers);
    ExceptionTranslator.run(producer::start);
    List<String> outcomes = new CopyOnWriteArrayList<>();
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(group);
    Messages.configure(consumer, replier, nameServers);
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    MessageListenerConcurrently listener = (messages, context) -> {
      for (MessageExt message : messages) {
        outcomes.add(reply(producer, message));
      }
      return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
    };
    consumer.registerMessageListener(listener);
    ExceptionTranslator.run(() -> consumer.subscribe(topic, "*"));
    ExceptionTranslator.run(consumer::start);
    repliers.put(replier, new Replier(consumer, producer, outcomes));
  }

  private static String reply(DefaultMQProducer producer, MessageExt message) {
    byte[] body = ("re: " + Messages.body(message)).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return producer
          .send(MessageUtil.createReplyMessage(message, body))
          .getSendStatus()
          .name();
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Override
  public List<String> outcomes(String replier) {
    return List.copyOf(find(replier).outcomes());
  }

  @Override
  public void stopReplier(String replier) {
    find(replier).consumer().shutdown();
    find(replier).producer().shutdown();
  }

  private Replier find(String replier) {
    return Messages.known(repliers.get(replier), replier);
  }
}
