package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;

/** What stands for a topic with Artemis: durable queues named after it, {@code NAME.0} and on. One caller at a time. */
final class ArtemisQueues {
  private static final byte[] BODY = Noise.bytes(1024);
  private static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final String url;
  // of the topic that was created last
  private final List<String> names = new ArrayList<>();

  ArtemisQueues(String url) {
    this.url = url;
  }

  /** A connection of its own. The caller closes it. */
  ServerLocator locator() throws Exception {
    return ActiveMQClient.createServerLocator(url);
  }

  /** A durable message of 1 KiB. */
  static ClientMessage message(ClientSession session) {
    return session.createMessage(true).writeBodyBufferBytes(BODY);
  }

  /** The queues of the topic that was created last. */
  List<String> names() {
    return List.copyOf(names);
  }

  /** Sends until the first acknowledgement. */
  String probe(String topic, Duration atMost) throws Exception {
    Budget patience = new Budget(0, atMost);
    while (!patience.isLate()) {
      if (isAcknowledged(topic)) {
        return "acknowledged";
      }
      LockSupport.parkNanos(PROBE_PAUSE_NANOS);
    }
    return "failed no acknowledgement in " + atMost;
  }

  String create(String topic, int queues) throws Exception {
    try (ServerLocator locator = locator();
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      names.clear();
      for (int i = 0; i < queues; i++) {
        String name = topic + "." + i;
        create(session, name);
        names.add(name);
      }
    }
    return "ok";
  }

  /** Messages that are in the queues of this topic now. */
  long visible() throws Exception {
    long sum = 0;
    try (ServerLocator locator = locator();
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      for (String name : names) {
        sum += session.queueQuery(SimpleString.of(name)).getMessageCount();
      }
    }
    return sum;
  }

  // a durable send of a session that commits by itself waits for its acknowledgement
  private boolean isAcknowledged(String topic) throws Exception {
    try (ServerLocator locator = locator();
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      create(session, topic);
      session.createProducer(topic).send(message(session));
      return true;
    } catch (ActiveMQException e) {
      return false;
    }
  }

  private static void create(ClientSession session, String name) throws ActiveMQException {
    if (!session.queueQuery(SimpleString.of(name)).isExists()) {
      session.createQueue(QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST));
    }
  }
}
