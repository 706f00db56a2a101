package io.escrowmq.broker.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A flow for each topic, or for each topic and group. Any thread. What comes when there are as many
 * as may be is counted nowhere: statistics must not take memory without bounds.
 */
public final class Flows {

  /**
   * Whose flow it is.
   *
   * @param group empty where only topics are told apart
   */
  public record Key(String topic, String group) {}

  private final ConcurrentHashMap<Key, Flow> flows = new ConcurrentHashMap<>();
  private final Flow nobodys = new Flow();
  private final int most;

  /**
   * @param most more flows than this are not told apart
   */
  public Flows(int most) {
    this.most = most;
  }

  /** Where to add; costs a look into a map. */
  Flow of(Key key) {
    Flow flow = flows.get(key);
    if (flow != null) {
      return flow;
    }
    return flows.size() >= most ? nobodys : flows.computeIfAbsent(key, anybody -> new Flow());
  }

  public @Nullable Flow find(Key key) {
    return flows.get(key);
  }

  /** Everybody's whose flow there is; changes while it is looked at. */
  public Set<Key> keys() {
    return flows.keySet();
  }

  /** Makes room: this one was idle for long. It begins at 0 again when it comes back. */
  public void forget(Key key) {
    flows.remove(key);
  }

  /** Forgets those of deleted topics or groups. */
  void forgetIf(Predicate<Key> deleted) {
    flows.keySet().removeIf(deleted);
  }
}
