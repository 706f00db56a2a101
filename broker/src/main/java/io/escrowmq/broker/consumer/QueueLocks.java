package io.escrowmq.broker.consumer;

import java.util.HashMap;
import java.util.Map;

/**
 * Which client of a group may consume a queue in order, for as long as it keeps saying so.
 *
 * <p>Owner: whoever holds the lock of this object. In memory only: after a restart the clients lock
 * again, and each trusts its own lock for half the time that the broker does.
 */
public final class QueueLocks {

  /** A lock that was not renewed for this long is free. */
  public static final long EXPIRE_MILLIS = 60_000;

  private static final int MOST_LOCKS = 1_000_000; // of all groups; more queues stay unlocked

  /** One queue of this broker. */
  public record Queue(String topic, int queueId) {}

  private record Lock(String clientId, long renewedMillis) {
    boolean isHeld(long nowMillis) {
      return nowMillis - renewedMillis <= EXPIRE_MILLIS;
    }
  }

  private final Map<String, Map<Queue, Lock>> byGroup = new HashMap<>();
  private int locks; // in all maps

  /**
   * Locks a queue for a client, or renews its lock.
   *
   * @return whether the client has it now; false while another one has, or when there are too many
   */
  public synchronized boolean lock(String group, Queue queue, String clientId, long nowMillis) {
    Map<Queue, Lock> held = byGroup.computeIfAbsent(group, name -> new HashMap<>());
    Lock lock = held.get(queue);
    if (lock != null && lock.isHeld(nowMillis) && !lock.clientId().equals(clientId)) {
      return false;
    }
    if (lock == null) {
      if (locks >= MOST_LOCKS) {
        return false;
      }
      locks++;
    }
    held.put(queue, new Lock(clientId, nowMillis));
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
   * Frees all that a client of the group holds: it has left. A lock request of its that overtook its
   * last unlock would else keep the queue from the others until it expires.
   */
  public synchronized void release(String group, String clientId) {
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

  /** Whether any client of the group holds any queue: the group consumes in order. */
  public synchronized boolean isAnyHeld(String group, long nowMillis) {
    Map<Queue, Lock> held = byGroup.get(group);
    return held != null && held.values().stream().anyMatch(lock -> lock.isHeld(nowMillis));
  }

  /** Forgets locks that nobody renews. */
  public synchronized void dropExpired(long nowMillis) {
    locks = 0;
    for (Map<Queue, Lock> held : byGroup.values()) {
      held.values().removeIf(lock -> !lock.isHeld(nowMillis));
      locks += held.size();
    }
    byGroup.values().removeIf(Map::isEmpty);
  }
}
