package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingException;

/**
 * One topic and the producer that sends to it. Bodies are 1 KiB of noise, made once, so that nothing on the way can compress
 * them. Immutable, any thread.
 */
record Topic(DefaultMQProducer producer, String namesrv, String name) {
  static final int BODY_BYTES = 1024;
  private static final byte[] BODY = Noise.bytes(BODY_BYTES);

  private static final int PROBE_TIMEOUT_MILLIS = 1000;
  private static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  Message message() {
    return new Message(name, BODY);
  }

  Message message(byte[] body) {
    return new Message(name, body);
  }

  Collection<Message> batch(int size) {
    List<Message> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(message());
    }
    return batch;
  }

  Topic named(String other) {
    return new Topic(producer, namesrv, other);
  }

  /** Sends until the first acknowledgement. */
  String probe(Duration atMost) throws InterruptedException {
    Budget patience = new Budget(0, atMost);
    while (!patience.isLate()) {
      if (isAcknowledged()) {
        return "acknowledged";
      }
      LockSupport.parkNanos(PROBE_PAUSE_NANOS);
    }
    return "failed no acknowledgement in " + atMost;
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
    return Tally.positionIn(producer.send(message()).getOffsetMsgId());
  }

  // Refusals are what a probe expects until the broker is there. The client says
  // IllegalStateException while it does not reach a name server.
  private boolean isAcknowledged() throws InterruptedException {
    try {
      return producer.send(message(), PROBE_TIMEOUT_MILLIS).getSendStatus() == SendStatus.SEND_OK;
    } catch (MQClientException | MQBrokerException | RemotingException | IllegalStateException e) {
      return false;
    }
  }
}
