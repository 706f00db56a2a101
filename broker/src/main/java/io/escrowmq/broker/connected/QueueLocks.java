package io.escrowmq.broker.connected;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which client of a group may consume a queue in order, for as long as it keeps saying so.
 *
 * <p>Owner: whoever holds the lock of this object. In memory only: after a restart the clients lock
 * again, and each trusts its own lock for half the time that the broker does. Time is the {@code
 * Ticker}'s: if a wall clock jumps, a lock is neither kept for an hour nor given to a second client
 * while the first one trusts it.
 */
public final class QueueLocks {

  /** A lock that was not renewed for this long is free. */
  public static final long EXPIRE_MILLIS = 60_000;

  private static final int MOST_LOCKS = 1_000_000; // of all groups; more queues stay unlocked
  private static final int MOST_LEFT = 10_000; // the client that left first is forgotten first

  /** One queue of this broker. */
  public record Queue(String topic, int queueId) {}

  private record Lock(String clientId, long renewedTick) {
    boolean isHeld(long tick) {
      return tick - renewedTick <= EXPIRE_MILLIS;
    }
  }

  private record Membership(String group, String clientId) {}

  private final Map<String, Map<Queue, Lock>> byGroup = new HashMap<>();
  private int locks; // in all maps
  private final Map<Membership, Long> leftTick = new LinkedHashMap<>();

  /**
   * Locks a queue for a client, or renews its lock.
   *
   * @return whether the client has it now; false while another one has, when there are too many, or
   *     when the client has left the group
   */
  public synchronized boolean lock(String group, Queue queue, String clientId, long tick) {
    if (hasLeft(group, clientId)) {
      return false;
    }
    Map<Queue, Lock> held = byGroup.getOrDefault(group, Map.of());
    Lock lock = held.get(queue);
    if (lock != null && lock.isHeld(tick) && !lock.clientId().equals(clientId)) {
      return false;
    }
    if (lock == null) {
      if (locks >= MOST_LOCKS) {
        return false;
      }
      locks++;
    }
    byGroup.computeIfAbsent(group, name -> new HashMap<>()).put(queue, new Lock(clientId, tick));
    return true;
  }

  /** Frees a queue, if it is this client that holds it. */
  public synchronized void unlock(String group, Queue queue, String clientId) {
    Map<Queue, Lock> held = byGroup.get(group);
    Lock lock = held == null ? null : held.get(queue);
    if (held != null && lock != null && lock.clientId().equals(clientId)) {
      held.remove(queue);
      locks--;
      if (held.isEmpty()) {
        byGroup.remove(group);
      }
    }
  }

  /**
   * A client leaves the group: all that it holds is free, and it locks nothing before it {@link
   * #returns}. Clients of RocketMQ send the renewal of their locks from a thread of its own, so that
   * it may come after they have unlocked and left; it would keep the queues from the others until
   * it expires.
   */
  public synchronized void leaves(String group, String clientId, long tick) {
    leftTick.put(new Membership(group, clientId), tick);
    if (leftTick.size() > MOST_LEFT) {
      leftTick.remove(leftTick.keySet().iterator().next());
    }
    Map<Queue, Lock> held = byGroup.get(group);
    if (held == null) {
      return;
    }
    int before = held.size();
    held.values().removeIf(lock -> lock.clientId().equals(clientId));
    locks -= before - held.size();
    if (held.isEmpty()) {
      byGroup.remove(group);
    }
  }

  /** A client is a member of the group, maybe again: it may lock. */
  public synchronized void returns(String group, String clientId) {
    if (hasLeft(group, clientId)) {
      leftTick.remove(new Membership(group, clientId));
    }
  }

  /** The topic was deleted, and its queues with it. */
  public synchronized void forgetTopic(String topic) {
    for (Map<Queue, Lock> held : byGroup.values()) {
      int before = held.size();
      held.keySet().removeIf(queue -> queue.topic().equals(topic));
      locks -= before - held.size();
    }
    byGroup.values().removeIf(Map::isEmpty);
  }

  /** The group was deleted. */
  public synchronized void forgetGroup(String group) {
    Map<Queue, Lock> held = byGroup.remove(group);
    locks -= held == null ? 0 : held.size();
  }

  private boolean hasLeft(String group, String clientId) {
    return !leftTick.isEmpty() && leftTick.containsKey(new Membership(group, clientId));
  }

  /** Whether any client of the group holds any queue: the group consumes in order. */
  public synchronized boolean isAnyHeld(String group, long tick) {
    Map<Queue, Lock> held = byGroup.get(group);
    return held != null && held.values().stream().anyMatch(lock -> lock.isHeld(tick));
  }

  /** Forgets locks that nobody renews, and who left so long ago that nothing of theirs can be under way. */
  public synchronized void dropExpired(long tick) {
    leftTick.values().removeIf(left -> tick - left > EXPIRE_MILLIS);
    locks = 0;
    for (Map<Queue, Lock> held : byGroup.values()) {
      held.values().removeIf(lock -> !lock.isHeld(tick));
      locks += held.size();
    }
    byGroup.values().removeIf(Map::isEmpty);
  }
}
