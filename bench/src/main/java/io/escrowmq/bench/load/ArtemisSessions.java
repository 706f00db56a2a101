package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.jspecify.annotations.Nullable;

/** Transacted sessions of Artemis, each to one queue, eight to a connection; one durable message a transaction. */
final class ArtemisSessions implements Sessions {
  private static final int SESSIONS_PER_CONNECTION = 8;

  private final ArtemisQueues queues;
  private final List<ServerLocator> locators = new ArrayList<>();
  private @Nullable ClientSessionFactory connection; // the one that the next session is opened on
  private int opened;

  /** The queues are those that were created last. */
  ArtemisSessions(ArtemisQueues queues) {
    this.queues = queues;
  }

  @Override
  public Session open() throws Exception {
    ClientSessionFactory factory = connection;
    if (factory == null || opened % SESSIONS_PER_CONNECTION == 0) {
      ServerLocator locator = queues.locator();
      locators.add(locator);
      factory = locator.createSessionFactory();
      connection = factory;
    }
    ClientSession session = factory.createTransactedSession();
    List<String> names = queues.names();
    ClientProducer producer = session.createProducer(names.get(opened++ % names.size()));
    return () -> {
      producer.send(ArtemisQueues.message(session));
      session.commit();
    };
  }

  @Override
  public long visible() throws Exception {
    return queues.visible();
  }

  @Override
  public void close() {
    locators.forEach(ServerLocator::close);
  }
}
