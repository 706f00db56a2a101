package io.escrowmq.client;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.send.ProducerSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** Says how a producer sends, and starts it. Owner: whoever builds; every setting has a default. */
public final class ProducerBuilder {

  private final Function<ProducerSettings, Producer> start;
  private String group = "escrowmq-producers";
  private Duration sendTimeout = Duration.ofSeconds(3);
  private int retries = 2;
  private long maxInFlightBytes = 64L << 20;
  private Duration linger = Duration.ZERO;
  private int batchBytes = 64 << 10;
  private BodyCompression compression = BodyCompression.NONE;

  ProducerBuilder(Function<ProducerSettings, Producer> start) {
    this.start = start;
  }

  /** The group that brokers list the producer in; {@code escrowmq-producers} by default. */
  public ProducerBuilder group(String name) {
    group = Names.group(name);
    return this;
  }

  /**
   * The one deadline of a send, all tries included; 3 s by default. Too short gives up on brokers
   * that are only slow, too long lets callers hang while no broker is there.
   */
  public ProducerBuilder sendTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the send timeout is null");
    sendTimeout = timeout;
    return this;
  }

  /**
   * How often a message is sent again after a try that may have reached a broker, or that a broker
   * refused for the moment; 2 by default. 0 never makes a second message, and gives up sooner. Tries
   * that reached nobody are not counted.
   */
  public ProducerBuilder retries(int times) {
    retries = times;
    return this;
  }

  /**
   * How many bytes may be under way; 64 MiB by default. Too low makes senders wait for each other,
   * too high takes memory while brokers are slow.
   */
  public ProducerBuilder maxInFlightBytes(long bytes) {
    maxInFlightBytes = bytes;
    return this;
  }

  /**
   * Lets messages wait so long for others of their topic, to go with them in one request; off (zero)
   * by default. A few milliseconds multiply what a producer and a broker can do; every message may
   * be late by as much.
   */
  public ProducerBuilder linger(Duration time) {
    Objects.requireNonNull(time, "the linger is null");
    linger = time;
    return this;
  }

  /** With {@link #linger}: a batch of so many bytes does not wait; 64 KiB by default. */
  public ProducerBuilder batchBytes(int bytes) {
    batchBytes = bytes;
    return this;
  }

  /**
   * Makes bodies from this size on smaller; off by default. Never those in batches.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  public ProducerBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  /** Starts it; asks nobody and does not wait. */
  public Producer build() {
    return start.apply(new ProducerSettings(
        group, sendTimeout, retries, maxInFlightBytes, linger, batchBytes, compression));
  }
}
