package io.escrowmq.client;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.ListenerSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** Says how a transactional producer works, and starts it. Owner: whoever builds. */
public final class TransactionalProducerBuilder {

  private final String group;
  private final Function<ListenerSettings, TransactionalProducer> start;
  private Duration sendTimeout = Duration.ofSeconds(3);
  private BodyCompression compression = BodyCompression.NONE;
  private int checkThreads = 1;

  TransactionalProducerBuilder(
      String group, Function<ListenerSettings, TransactionalProducer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  /**
   * The one deadline of storing a half-message, all tries included; 3 s by default. Too short gives
   * up on brokers that are only slow, too long lets callers hang while no broker is there.
   */
  public TransactionalProducerBuilder sendTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the send timeout is null");
    sendTimeout = timeout;
    return this;
  }

  /**
   * Makes bodies from this size on smaller; off by default.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  public TransactionalProducerBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  /** How many checks run at a time; 1 by default. */
  public TransactionalProducerBuilder checkThreads(int threads) {
    checkThreads = threads;
    return this;
  }

  /**
   * Starts it: brokers may ask from now on. Does not wait.
   *
   * @throws IllegalStateException when this client answers for the group already
   */
  public TransactionalProducer build() {
    return start.apply(new ListenerSettings(group, sendTimeout, compression, checkThreads));
  }
}
