package io.escrowmq.client;

import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * An application's connection to a cluster of brokers: one TCP connection a broker, shared by all of
 * its producers and consumers. One for each application is enough; any thread may use it.
 *
 * <p>Nothing is asked before something is sent or consumed, so it can be made before the servers are
 * there.
 */
public interface EscrowClient extends AutoCloseable {

  /** Begins a client. */
  static Builder builder() {
    return Provider.get().client();
  }

  /** Begins a producer. */
  ProducerBuilder producer();

  /** Begins a member of this consumer group. */
  ConsumerBuilder consumer(String group);

  /** Begins a polled member of this consumer group. */
  PullConsumerBuilder pullConsumer(String group);

  /**
   * The queues of a topic that can be read now; asks a name server when it is not known yet. Waits up
   * to 2 s for a topic that this client's own send has created just now.
   *
   * @throws TopicNotFoundException when no broker has the topic
   */
  List<TopicQueue> queuesOf(String topic);

  /**
   * Begins a producer whose local transactions the listener runs and remembers.
   *
   * @param group of the producers that answer for each other's half-messages; this client must not
   *     answer for it otherwise
   */
  TransactionalProducerBuilder transactionalProducer(String group, TransactionListener listener);

  /**
   * Begins transactions on this database with messages in them.
   *
   * @param dataSource of the database itself, no replica of it; hands out a connection for each
   *     transaction, and some more for checks
   */
  EscrowTransactionsBuilder transactions(DataSource dataSource);

  /**
   * Closes its producers and consumers, which finish what they began, then the connections. Not from
   * within a handler or a callback, which it would wait for.
   */
  @Override
  void close();

  /** Says where the servers are. Owner: the caller. */
  interface Builder {

    /**
     * The name servers, "host:port", several separated by semicolons; {@code 127.0.0.1:9876} by
     * default.
     */
    Builder nameServers(String addresses);

    /**
     * For answers to all requests but sends and pulls; 3 s by default. Too short fails where servers
     * are only slow, too long hides for a while that they are gone.
     */
    Builder requestTimeout(Duration timeout);

    /**
     * Threads that move bytes; 1 by default, which is enough for some hundred thousand messages a
     * second.
     */
    Builder networkThreads(int threads);

    /**
     * What brokers know this client by, beside its host; by default a name that no client ever had. A
     * process that is started again under its old name takes up at once what it had locked: after a
     * crash, an orderly consumer would otherwise wait for a minute. Two clients that live at the same
     * time must not have one name: both would handle the same queues.
     *
     * @param name letters, digits, '-' and '_'
     */
    Builder instance(String name);

    /** Makes the client; does not wait for any server. */
    EscrowClient build();
  }
}
