package io.escrowmq.broker.metrics;

import io.escrowmq.remoting.body.BrokerStats;
import io.escrowmq.runtime.Ticker;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How much went through a topic, to a group, through the broker, in the last minute, hour and day.
 * Any event loop asks; one thread samples.
 */
public final class FlowStatistics {

  private static final long STEP_MILLIS = 10_000;

  private final String cluster;
  private final Ticker ticker;
  private final FlowHistories topics;
  private final FlowHistories groups;
  private final FlowHistory in; // guarded by this
  private final FlowHistory out; // guarded by this
  private long nextTick;

  FlowStatistics(String cluster, Traffic traffic, Ticker ticker) {
    this.cluster = cluster;
    this.ticker = ticker;
    long now = ticker.millis();
    topics = new FlowHistories(traffic.topics(), now);
    groups = new FlowHistories(traffic.groups(), now);
    in = new FlowHistory(traffic.in(), now);
    out = new FlowHistory(traffic.out(), now);
    nextTick = now + STEP_MILLIS;
  }

  /** Samples when it is time; call it about once a second, from one thread. */
  void onTick(long tick) {
    if (tick < nextTick) {
      return;
    }
    nextTick = tick + STEP_MILLIS;
    topics.sample(tick);
    groups.sample(tick);
    synchronized (this) {
      in.sample(tick);
      out.sample(tick);
    }
  }

  /** How many messages a second the topic got in the last minute. */
  double putRate(String topic) {
    long now = ticker.millis();
    Double rate = topics.ask(new Flows.Key(topic, ""), history -> history.messagesPerSecond(now));
    return rate == null ? 0 : rate;
  }

  /** A statistic of a topic, of "topic@group" or of the cluster; null when there is nothing for the key. */
  public @Nullable BrokerStats find(String name, String key) {
    long now = ticker.millis();
    return switch (name) {
      case "TOPIC_PUT_NUMS" -> topic(key, history -> history.messages(now));
      case "TOPIC_PUT_SIZE" -> topic(key, history -> history.bytes(now));
      case "GROUP_GET_NUMS" -> group(key, history -> history.messages(now));
      case "GROUP_GET_SIZE" -> group(key, history -> history.bytes(now));
      case "BROKER_PUT_NUMS" -> broker(key, in, now);
      case "BROKER_GET_NUMS" -> broker(key, out, now);
      default -> null;
    };
  }

  private @Nullable BrokerStats topic(String key, Function<FlowHistory, BrokerStats> question) {
    return topics.ask(new Flows.Key(key, ""), question);
  }

  private @Nullable BrokerStats group(String key, Function<FlowHistory, BrokerStats> question) {
    int at = key.indexOf('@'); // no name holds one
    if (at < 0) {
      return null;
    }
    return groups.ask(new Flows.Key(key.substring(0, at), key.substring(at + 1)), question);
  }

  private synchronized @Nullable BrokerStats broker(String key, FlowHistory which, long nowMillis) {
    return key.equals(cluster) ? which.messages(nowMillis) : null;
  }
}
