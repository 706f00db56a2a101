package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;

/**
 * Threads that each have a transacted session, and send one durable message and commit, over and over. The send itself waits
 * for nothing, so the only latency there is is that of the whole transaction.
 */
final class ArtemisTransactions implements Load {
  private static final int SESSIONS_PER_CONNECTION = 8;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ArtemisQueues queues;
  private final int threads;
  private final List<ServerLocator> locators = new ArrayList<>();
  private final Queue<Sending> idle = new ConcurrentLinkedQueue<>();
  private Tally calls = new Tally();
  private long visibleBefore;

  /** The queues are those that were created last. */
  ArtemisTransactions(ArtemisQueues queues, int threads) {
    this.queues = queues;
    this.threads = threads;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    List<String> names = queues.names();
    for (int i = 0; i < threads; ) {
      ServerLocator locator = queues.locator();
      locators.add(locator);
      ClientSessionFactory factory = locator.createSessionFactory();
      for (int session = 0; session < SESSIONS_PER_CONNECTION && i < threads; session++, i++) {
        ClientSession transacted = factory.createTransactedSession();
        String name = names.get(i % names.size());
        idle.add(new Sending(transacted, transacted.createProducer(name)));
      }
    }
    run(messages, atMost);
    visibleBefore = queues.visible();
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws Exception {
    long start = System.nanoTime();
    run(messages, atMost);
    Figures whole = calls.figures(start, 1);
    return whole.withLatencyOf(new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Override
  public Aftermath aftermath(Duration atMost) throws Exception {
    Budget patience = new Budget(0, atMost);
    long visible = queues.visible();
    while (visible < visibleBefore + calls.messages() && !patience.isLate()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      visible = queues.visible();
    }
    Figures call = calls.figures(0, 1);
    return new Aftermath(
        visible - visibleBefore, 0, 0, call.p50Micros(), call.p99Micros(), call.p999Micros());
  }

  @Override
  public void end() {
    locators.forEach(ServerLocator::close);
  }

  private void run(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    calls = tally;
    Budget budget = new Budget(messages, atMost);
    Workers.run(threads, () -> {
      Sending own = idle.remove();
      while (budget.take(1)) {
        own.run(tally);
      }
      idle.add(own);
    });
  }

  private record Sending(ClientSession session, ClientProducer producer) {

    void run(Tally tally) {
      long since = System.nanoTime();
      try {
        producer.send(ArtemisQueues.message(session));
        session.commit();
        tally.acknowledged(1, since, null);
      } catch (ActiveMQException e) {
        tally.failed(1, e);
      }
    }
  }
}
