package io.escrowmq.broker.metrics;

import io.escrowmq.remoting.RequestCounts;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * What a broker counts from its start on, and how much that was in a minute, an hour, a day. It outlives
 * the core that is counted.
 */
public final class Statistics {

  private static final long SAMPLE_MILLIS = 1000;

  private final Traffic traffic = new Traffic();
  private final RequestCounts requests;
  private final InstantSource clock;
  private final Ticker ticker;
  private final TrafficHistory history;
  private final FlowStatistics flows;
  private final long bootTick;
  private volatile long bootMillis;
  private volatile long acceptMillis;
  private boolean isOpen;
  private long nextSampleTick; // who ticks owns it

  /** @param zone whose midnights part the days */
  public Statistics(String cluster, ZoneId zone, Surroundings surroundings) {
    this.clock = surroundings.clock();
    this.ticker = surroundings.ticker();
    requests = new RequestCounts(ticker::nanos);
    bootTick = ticker.millis();
    bootMillis = clock.millis();
    acceptMillis = bootMillis;
    history = new TrafficHistory(traffic, zone, bootMillis, ticker);
    flows = new FlowStatistics(cluster, traffic, ticker);
  }

  public Traffic traffic() {
    return traffic;
  }

  /** What passed the gate. */
  public RequestCounts requests() {
    return requests;
  }

  /**
   * The broker takes requests from now on. Before its log was open, its clock did not know the times that
   * it goes on from. That the core is opened again changes nothing.
   */
  public void open() {
    if (!isOpen) {
      isOpen = true;
      acceptMillis = clock.millis();
      bootMillis = acceptMillis - upMillis();
    }
  }

  /** How many messages a second a topic got in the last minute. Any thread. */
  public double putRate(String topic) {
    return flows.putRate(topic);
  }

  /** Samples the counters, once a second. Call it some times a second, from one thread. */
  public void onTick() {
    long tick = ticker.millis();
    if (tick >= nextSampleTick) {
      nextSampleTick = tick + SAMPLE_MILLIS;
      history.sample(clock.millis());
      flows.onTick(tick);
    }
  }

  public TrafficHistory history() {
    return history;
  }

  /** What went through topics and groups lately. */
  public FlowStatistics flows() {
    return flows;
  }

  /** When the process of the broker began, by its clock. */
  public long bootMillis() {
    return bootMillis;
  }

  /** When it began to take requests. */
  public long acceptMillis() {
    return acceptMillis;
  }

  /** For how long it has counted, in milliseconds. */
  public long upMillis() {
    return ticker.millis() - bootTick;
  }
}
