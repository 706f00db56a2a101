package io.escrowmq.client.handle;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.DecidingHandler;
import io.escrowmq.client.Filter;
import io.escrowmq.client.Handler;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Names;
import io.escrowmq.client.pull.ConsumerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a {@link GroupConsumer}. One owner. */
public final class GroupConsumerBuilder implements ConsumerBuilder {

  private final Function<ConsumerSettings, Consumer> start;
  private final String group;
  private final Map<String, Filter> subscriptions = new LinkedHashMap<>();
  private @Nullable DecidingHandler handler;
  private boolean ordered;
  private StartFrom startFrom = StartFrom.end();
  private int concurrency = 20;
  private double ratePerSecond;
  private int maxDeliveries = 16;
  private @Nullable Duration firstRetry;
  private ConsumerLimits limits = ConsumerLimits.DEFAULT;
  private Duration stopTimeout = Duration.ofSeconds(30);
  private @Nullable Path broadcastOffsets;

  public GroupConsumerBuilder(String group, Function<ConsumerSettings, Consumer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  @Override
  public ConsumerBuilder subscribe(String topic) {
    return subscribe(topic, Filter.all());
  }

  @Override
  public ConsumerBuilder subscribe(String topic, Filter filter) {
    Objects.requireNonNull(filter, "the filter is null");
    subscriptions.put(Names.topic(topic), filter);
    return this;
  }

  @Override
  public ConsumerBuilder handler(Handler handler) {
    return decidingHandler(undecided(handler));
  }

  @Override
  public ConsumerBuilder decidingHandler(DecidingHandler handler) {
    return handledBy(handler, false);
  }

  @Override
  public ConsumerBuilder orderlyHandler(Handler handler) {
    return decidingOrderlyHandler(undecided(handler));
  }

  @Override
  public ConsumerBuilder decidingOrderlyHandler(DecidingHandler handler) {
    return handledBy(handler, true);
  }

  private static DecidingHandler undecided(Handler handler) {
    Objects.requireNonNull(handler, "the handler is null");
    return delivery -> {
      handler.handle(delivery);
      return Verdict.done();
    };
  }

  private ConsumerBuilder handledBy(DecidingHandler given, boolean inOrder) {
    Objects.requireNonNull(given, "the handler is null");
    if (handler != null) {
      throw new IllegalStateException("the consumer of " + group + " has a handler already");
    }
    handler = given;
    ordered = inOrder;
    return this;
  }

  @Override
  public ConsumerBuilder startFrom(StartFrom place) {
    startFrom = Objects.requireNonNull(place, "the place to start from is null");
    return this;
  }

  @Override
  public ConsumerBuilder concurrency(int handlers) {
    concurrency = handlers;
    return this;
  }

  @Override
  public ConsumerBuilder ratePerSecond(double messages) {
    ratePerSecond = messages;
    return this;
  }

  @Override
  public ConsumerBuilder maxDeliveries(int times) {
    maxDeliveries = times;
    return this;
  }

  @Override
  public ConsumerBuilder retryAfter(Duration pause) {
    firstRetry = Objects.requireNonNull(pause, "the pause is null");
    return this;
  }

  @Override
  public ConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes) {
    limits = new ConsumerLimits(queueMessages, queueBytes, allBytes);
    return this;
  }

  @Override
  public ConsumerBuilder stopTimeout(Duration timeout) {
    stopTimeout = Objects.requireNonNull(timeout, "the stop timeout is null");
    return this;
  }

  @Override
  public ConsumerBuilder broadcasting(Path offsetsFile) {
    broadcastOffsets = Objects.requireNonNull(offsetsFile, "the offsets file is null");
    return this;
  }

  @Override
  public Consumer start() {
    if (handler == null) {
      throw new IllegalStateException("the consumer of " + group + " has no handler");
    }
    return start.apply(new ConsumerSettings(
        group,
        subscriptions,
        handler,
        ordered,
        startFrom,
        concurrency,
        ratePerSecond,
        new RetrySettings(maxDeliveries, firstRetry),
        limits,
        stopTimeout,
        broadcastOffsets));
  }
}
