package io.escrowmq.client.send;

import io.escrowmq.client.Compression;
import io.escrowmq.client.Producer;
import io.escrowmq.client.ProducerBuilder;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** Makes a {@link GroupProducer}. One owner. */
public final class GroupProducerBuilder implements ProducerBuilder {

  private final Function<ProducerSettings, Producer> start;
  private String group = "escrowmq-producers";
  private Duration sendTimeout = Duration.ofSeconds(3);
  private int retries = 2;
  private long maxInFlightBytes = 64L << 20;
  private Duration linger = Duration.ZERO;
  private int batchBytes = 64 << 10;
  private BodyCompression compression = BodyCompression.NONE;

  public GroupProducerBuilder(Function<ProducerSettings, Producer> start) {
    this.start = start;
  }

  @Override
  public ProducerBuilder group(String name) {
    group = Names.group(name);
    return this;
  }

  @Override
  public ProducerBuilder sendTimeout(Duration timeout) {
    sendTimeout = Objects.requireNonNull(timeout, "the send timeout is null");
    return this;
  }

  @Override
  public ProducerBuilder retries(int times) {
    retries = times;
    return this;
  }

  @Override
  public ProducerBuilder maxInFlightBytes(long bytes) {
    maxInFlightBytes = bytes;
    return this;
  }

  @Override
  public ProducerBuilder linger(Duration time) {
    linger = Objects.requireNonNull(time, "the linger is null");
    return this;
  }

  @Override
  public ProducerBuilder batchBytes(int bytes) {
    batchBytes = bytes;
    return this;
  }

  @Override
  public ProducerBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  @Override
  public Producer build() {
    return start.apply(new ProducerSettings(
        group, sendTimeout, retries, maxInFlightBytes, linger, batchBytes, compression));
  }
}
