package io.escrowmq.client.tx;

import io.escrowmq.client.Compression;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.client.TransactionalProducerBuilder;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** Makes a {@link ListenerProducer}. One owner. */
public final class ListenerProducerBuilder implements TransactionalProducerBuilder {

  private final String group;
  private final Function<ListenerSettings, TransactionalProducer> start;
  private Duration sendTimeout = Duration.ofSeconds(3);
  private BodyCompression compression = BodyCompression.NONE;
  private int checkThreads = 1;

  public ListenerProducerBuilder(
      String group, Function<ListenerSettings, TransactionalProducer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  @Override
  public TransactionalProducerBuilder sendTimeout(Duration timeout) {
    sendTimeout = Objects.requireNonNull(timeout, "the send timeout is null");
    return this;
  }

  @Override
  public TransactionalProducerBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  @Override
  public TransactionalProducerBuilder checkThreads(int threads) {
    checkThreads = threads;
    return this;
  }

  @Override
  public TransactionalProducer build() {
    return start.apply(new ListenerSettings(group, sendTimeout, compression, checkThreads));
  }
}
