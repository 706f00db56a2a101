package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;

/**
 * One topic and the producer that sends to it. Bodies are 1 KiB of noise, made once, so that nothing on the way can compress
 * them. Immutable, any thread.
 */
record Topic(DefaultMQProducer producer, String namesrv, String name) {
  static final int BODY_BYTES = 1024;
  private static final byte[] BODY = noise();

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

  private static byte[] noise() {
    byte[] body = new byte[BODY_BYTES];
    new SplittableRandom(1024).nextBytes(body);
    return body;
  }
}
