package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * How a push consumer shall be. Immutable.
 *
 * @param expression tags, such as {@code a || b}, or {@code *}
 * @param maxReconsumeTimes as the client has it; -1 for its default
 * @param failures so many deliveries of each message are answered with "later" (or "suspend")
 * @param retryDelayLevel asked for when a delivery fails; 0 leaves it to the broker
 */
public record PushPlan(
    String nameServers,
    String group,
    String topic,
    String expression,
    boolean orderly,
    boolean broadcasting,
    int maxReconsumeTimes,
    int failures,
    int retryDelayLevel)
    implements Serializable {

  /** Concurrent, clustering, from the first offset, all tags, every delivery succeeds. */
  public static PushPlan of(String nameServers, String group, String topic) {
    return new PushPlan(nameServers, group, topic, "*", false, false, -1, 0, 0);
  }

  public PushPlan matching(String newExpression) {
    return new PushPlan(
        nameServers,
        group,
        topic,
        newExpression,
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
        expression,
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
        expression,
        orderly,
        true,
        maxReconsumeTimes,
        failures,
        retryDelayLevel);
  }

  public PushPlan failing(int times, int maxReconsume, int delayLevel) {
    return new PushPlan(
        nameServers,
        group,
        topic,
        expression,
        orderly,
        broadcasting,
        maxReconsume,
        times,
        delayLevel);
  }
}
