package io.escrowmq.broker.connected;

import io.escrowmq.broker.connected.Registration.Notice;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What happens to connected clients. Clients outlive cores: a core listens from its start until it stops. Any
 * thread.
 */
public final class ClientEvents {

  /** Is told at once, by whoever caused it; quick, and calls nothing of clients. */
  public interface Listener {

    /** A producer joined the group, or somebody first sent a half-message for it. */
    default void producerCame(String group) {}

    /** A producer of the group sent a heartbeat again. */
    default void producerIsHere(String group) {}

    /** The connection of members has closed; the others of their groups are to be told. */
    default void left(List<Notice> notices) {}
  }

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public void add(Listener listener) {
    listeners.add(listener);
  }

  public void remove(Listener listener) {
    listeners.remove(listener);
  }

  public void producerCame(String group) {
    listeners.forEach(listener -> listener.producerCame(group));
  }

  void producerIsHere(String group) {
    listeners.forEach(listener -> listener.producerIsHere(group));
  }

  void left(List<Notice> notices) {
    listeners.forEach(listener -> listener.left(notices));
  }
}
