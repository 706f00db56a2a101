package io.escrowmq.systemtests.driver;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** The producers of this process, by name. */
final class Producers implements ProducerDriver {

  // far above what any broker takes, so that the broker is the one who refuses
  private static final int CLIENT_LIMIT_BYTES = 64 * 1024 * 1024;
  private static final int CALLBACK_SECONDS = 20;

  private final Map<String, DefaultMQProducer> producers = new ConcurrentHashMap<>();

  @Override
  public void startProducer(String producer, String nameServers, String group) {
    DefaultMQProducer started = new DefaultMQProducer(group);
    Messages.configure(started, producer, nameServers);
    started.setMaxMessageSize(CLIENT_LIMIT_BYTES);
    ExceptionTranslator.run(started::start);
    producers.put(producer, started);
  }

  @Override
  public SendAnswer send(String producer, OutgoingMessage message) {
    return Messages.fromClient(
        ExceptionTranslator.get(() -> find(producer).send(Messages.toClient(message))));
  }

  @Override
  public SendAnswer sendAsync(String producer, OutgoingMessage message) {
    CompletableFuture<SendResult> answered = new CompletableFuture<>();
    SendCallback callback = new SendCallback() {
      @Override
      public void onSuccess(SendResult result) {
        answered.complete(result);
      }

      @Override
      public void onException(Throwable failure) {
        answered.completeExceptionally(failure);
      }
    };
    ExceptionTranslator.run(() -> find(producer).send(Messages.toClient(message), callback));
    return Messages.fromClient(
        ExceptionTranslator.get(() -> answered.get(CALLBACK_SECONDS, TimeUnit.SECONDS)));
  }

  @Override
  public SendAnswer sendOn(String producer, ReceivedMessage received, String topic) {
    MessageExt message = new MessageExt();
    message.setTopic(topic);
    message.setBody(received.body().getBytes(StandardCharsets.ISO_8859_1));
    MessageAccessor.setProperties(message, new HashMap<>(received.properties()));
    return Messages.fromClient(ExceptionTranslator.get(() -> find(producer).send(message)));
  }

  @Override
  public void sendOneWay(String producer, OutgoingMessage message) {
    ExceptionTranslator.run(() -> find(producer).sendOneway(Messages.toClient(message)));
  }

  @Override
  public SendAnswer sendSelected(String producer, OutgoingMessage message, int choice) {
    return Messages.fromClient(ExceptionTranslator.get(() -> find(producer)
        .send(
            Messages.toClient(message),
            (queues, same, number) -> queues.get(Math.floorMod((Integer) number, queues.size())),
            choice)));
  }

  @Override
  public SendAnswer sendToQueue(
      String producer, OutgoingMessage message, String brokerName, int queueId) {
    MessageQueue queue = new MessageQueue(message.topic(), brokerName, queueId);
    return Messages.fromClient(
        ExceptionTranslator.get(() -> find(producer).send(Messages.toClient(message), queue)));
  }

  @Override
  public SendAnswer sendBatch(String producer, List<OutgoingMessage> messages) {
    List<Message> batch = messages.stream().map(Messages::toClient).collect(Collectors.toList());
    return Messages.fromClient(ExceptionTranslator.get(() -> find(producer).send(batch)));
  }

  @Override
  public int writableQueues(String producer, String topic) {
    return ExceptionTranslator.get(() -> find(producer).fetchPublishMessageQueues(topic))
        .size();
  }

  @Override
  public void stopProducer(String producer) {
    find(producer).shutdown();
    producers.remove(producer);
  }

  DefaultMQProducer find(String producer) {
    return Messages.known(producers.get(producer), producer);
  }
}
