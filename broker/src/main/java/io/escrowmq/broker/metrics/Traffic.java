package io.escrowmq.broker.metrics;

import java.util.concurrent.atomic.LongAdder;

/** How much went in and out since the start. Any thread adds; readers see sums that may lag. */
public final class Traffic {

  private static final int MOST_TOPICS = 4096;
  private static final int MOST_GROUPS = 4096; // pairs of topic and group

  private final Flow in = new Flow();
  private final Flow out = new Flow();
  private final Flows topics = new Flows(MOST_TOPICS);
  private final Flows groups = new Flows(MOST_GROUPS);
  private final LongAdder pullsMissed = new LongAdder();
  private final LongAdder pullsBeyondEnd = new LongAdder();
  private final LongAdder sendsRefused = new LongAdder();
  private final LongAdder sendsRepeated = new LongAdder();

  public void stored(String topic, int messages, long bytes) {
    in.add(messages, bytes);
    topics.of(new Flows.Key(topic, "")).add(messages, bytes);
  }

  public void refused() {
    sendsRefused.increment();
  }

  /** A send was tried again, and its messages were there. */
  public void repeated() {
    sendsRepeated.increment();
  }

  public void delivered(String topic, String group, int messages, long bytes) {
    out.add(messages, bytes);
    groups.of(new Flows.Key(topic, group)).add(messages, bytes);
  }

  /** A consumer pulled behind the end of a queue. */
  public void beyondEnd() {
    pullsBeyondEnd.increment();
  }

  public void missed() {
    pullsMissed.increment();
  }

  /** The topic was deleted: one of the same name begins at 0. */
  public void forgetTopic(String topic) {
    topics.forgetIf(key -> key.topic().equals(topic));
    groups.forgetIf(key -> key.topic().equals(topic));
  }

  /** The group was deleted: one of the same name begins at 0. */
  public void forgetGroup(String group) {
    groups.forgetIf(key -> key.group().equals(group));
  }

  /** What was stored. */
  public Flow in() {
    return in;
  }

  /** What was delivered. */
  public Flow out() {
    return out;
  }

  /** What was stored, by topic. */
  public Flows topics() {
    return topics;
  }

  /** What was delivered, by topic and group. */
  public Flows groups() {
    return groups;
  }

  public long pullsFound() {
    return out.times();
  }

  public long pullsMissed() {
    return pullsMissed.sum();
  }

  public long pullsBeyondEnd() {
    return pullsBeyondEnd.sum();
  }

  public long sendsRefused() {
    return sendsRefused.sum();
  }

  public long sendsRepeated() {
    return sendsRepeated.sum();
  }
}
