package io.escrowmq.broker.core;

import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.runtime.Ticker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The features of one core, in the order in which they were made. What one does by time, or because
 * something has ended, is its own: if it fails, that is counted and logged, and all others do theirs.
 * Complete before the first thread but the one that makes the core comes here.
 */
public final class Features {

  private final List<Feature> all = new ArrayList<>();
  private final List<Arrivals> arrivals = new ArrayList<>();
  private final FailureLog failures;
  private volatile boolean isStarted;

  public Features(Ticker ticker) {
    failures = new FailureLog("all other features did their part", ticker);
  }

  /** Puts it behind those that are there. */
  public <F extends Feature> F add(F feature) {
    all.add(feature);
    arrivals.addAll(feature.arrivals());
    return feature;
  }

  /** In their order. */
  public List<Feature> all() {
    return List.copyOf(all);
  }

  public void register(MetricRegistry metrics) {
    metrics.counter(
        "escrowmq_failed_features_total",
        "How often a feature failed at what it does by time, or when something ended; all others did theirs.",
        failures::count);
  }

  /** Starts them. The first that cannot be started is the failure of the core. */
  public void start() {
    isStarted = true;
    all.forEach(Feature::start);
  }

  public void onTick() {
    each(Feature::onTick);
  }

  /** Stops them, the last one first. */
  public void stop() {
    for (int i = all.size() - 1; i >= 0; i--) {
      alone(all.get(i), Feature::stop);
    }
  }

  /** See {@link Feature#letGoOfTopic}. Replayed records are of a life in which it was let go. */
  public void letGoOfTopic(String topic) {
    if (isStarted) {
      each(feature -> feature.letGoOfTopic(topic));
    }
  }

  /** See {@link Feature#letGoOfGroup}; likewise. */
  public void letGoOfGroup(String group) {
    if (isStarted) {
      each(feature -> feature.letGoOfGroup(group));
    }
  }

  /** See {@link Feature#topicIsGone}. */
  public void topicIsGone(String topic) {
    each(feature -> feature.topicIsGone(topic));
  }

  /** See {@link Feature#readersOf}: all of them together. */
  public Set<String> readersOf(String topic) {
    Set<String> groups = new HashSet<>();
    each(feature -> groups.addAll(feature.readersOf(topic)));
    return groups;
  }

  /** Who is told of new messages: of the features that are there, and that will be. */
  List<Arrivals> arrivals() {
    return Collections.unmodifiableList(arrivals);
  }

  private void each(Consumer<Feature> step) {
    for (Feature feature : all) {
      alone(feature, step);
    }
  }

  private void alone(Feature feature, Consumer<Feature> step) {
    try {
      step.accept(feature);
    } catch (RuntimeException | Error e) {
      failures.add(feature.getClass().getSimpleName(), e);
    }
  }
}
