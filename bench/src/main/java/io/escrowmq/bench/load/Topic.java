package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingException;

/** One topic and the producer of RocketMQ's client that sends to it. Immutable, any thread. */
record Topic(DefaultMQProducer producer, String namesrv, String name) implements Target {
  private static final int PROBE_TIMEOUT_MILLIS = 1000;

  Message message() {
    return new Message(name, BODY);
  }

  @Override
  public String send()
      throws MQClientException, MQBrokerException, RemotingException, InterruptedException {
    return producer.send(message()).getOffsetMsgId();
  }

  /** Sends one message with a short deadline. The client says IllegalStateException while it does not reach a name server. */
  void probe()
      throws MQClientException, MQBrokerException, RemotingException, InterruptedException {
    SendStatus status = producer.send(message(), PROBE_TIMEOUT_MILLIS).getSendStatus();
    if (status != SendStatus.SEND_OK) {
      throw new IllegalStateException(status.toString());
    }
  }

  @Override
  public void sendAsync(byte[] body, Outcome outcome)
      throws MQClientException, RemotingException, InterruptedException {
    sendAsync(new Message(name, body), outcome);
  }

  /** The same for a message that was made elsewhere. */
  void sendAsync(Message message, Outcome outcome)
      throws MQClientException, RemotingException, InterruptedException {
    producer.send(message, new SendCallback() {
      @Override
      public void onSuccess(SendResult result) {
        outcome.acknowledged(result.getOffsetMsgId());
      }

      @Override
      public void onException(Throwable cause) {
        outcome.failed(cause);
      }
    });
  }

  @Override
  public String sendBatch(int size)
      throws MQClientException, MQBrokerException, RemotingException, InterruptedException {
    List<Message> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(message());
    }
    return producer.send(batch).getOffsetMsgId();
  }

  @Override
  public AutoCloseable consume(Consumer<byte[]> each) throws MQClientException {
    return Consumers.start(this, message -> each.accept(message.getBody()))::shutdown;
  }

  Topic named(String other) {
    return new Topic(producer, namesrv, other);
  }

  /** Messages that the topic's queues have had so far: the sum of their largest offsets. */
  // Deprecated in favour of the admin tools, which would bring a second client into this process.
  @SuppressWarnings("deprecation")
  long visible() throws MQClientException {
    long sum = 0;
    for (MessageQueue queue : producer.fetchPublishMessageQueues(name)) {
      sum += producer.maxOffset(queue);
    }
    return sum;
  }

  /** How far the broker's log has come, which is found out by adding a message to it; -1 unknown. */
  long logPosition()
      throws MQClientException, MQBrokerException, RemotingException, InterruptedException {
    return Tally.positionIn(send());
  }
}
