package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * How a push consumer shall be. Immutable.
 *
 * @param maxReconsumeTimes as the client has it; -1 for its default
 * @param failures so many deliveries of each message are answered with "later" (or "suspend")
 * @param retryDelayLevel asked for when a delivery fails; 0 leaves it to the broker
 */
public record PushPlan(
    String nameServers,
    String group,
    String topic,
    MessageFilter wanted,
    boolean orderly,
    boolean broadcasting,
    int maxReconsumeTimes,
    int failures,
    int retryDelayLevel)
    implements Serializable {

  /** Concurrent, clustering, from the first offset, all tags, every delivery succeeds. */
  public static PushPlan of(String nameServers, String group, String topic) {
    return new PushPlan(
        nameServers, group, topic, MessageFilter.EVERYTHING, false, false, -1, 0, 0);
  }

  /** Only messages with one of these tags. */
  public PushPlan matching(String tags) {
    return wanting(MessageFilter.tags(tags));
  }

  public PushPlan wanting(MessageFilter newWanted) {
    return new PushPlan(
        nameServers,
        group,
        topic,
        newWanted,
        orderly,
        broadcasting,
        maxReconsumeTimes,
        failures,
        retryDelayLevel);
  }

  public PushPlan inOrder() {
    return new PushPlan(
        nameServers,
        group,
        topic,
        wanted,
        true,
        broadcasting,
        maxReconsumeTimes,
        failures,
        retryDelayLevel);
  }

  public PushPlan toEveryMember() {
    return new PushPlan(
        nameServers,
        group,
        topic,
        wanted,
        orderly,
        true,
        maxReconsumeTimes,
        failures,
        retryDelayLevel);
  }

  public PushPlan failing(int times, int maxReconsume, int delayLevel) {
    return new PushPlan(
        nameServers, group, topic, wanted, orderly, broadcasting, maxReconsume, times, delayLevel);
  }
}
