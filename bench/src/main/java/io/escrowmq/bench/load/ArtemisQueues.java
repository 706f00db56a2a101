package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.List;
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
    return session.createMessage(true).writeBodyBufferBytes(Target.BODY);
  }

  /** The queues of the topic that was created last. */
  List<String> names() {
    return List.copyOf(names);
  }

  /**
   * Sends one message to the queue of this name.
   *
   * @throws ActiveMQException when it is not acknowledged
   */
  void probe(String name) throws Exception {
    try (ServerLocator locator = locator();
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      create(session, name);
      // a durable send of a session that commits by itself waits for its acknowledgement
      session.createProducer(name).send(message(session));
    }
  }

  void create(String topic, int queues) throws Exception {
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

  private static void create(ClientSession session, String name) throws ActiveMQException {
    if (!session.queueQuery(SimpleString.of(name)).isExists()) {
      session.createQueue(QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST));
    }
  }
}
