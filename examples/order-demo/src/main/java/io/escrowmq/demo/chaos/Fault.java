package io.escrowmq.demo.chaos;

import io.escrowmq.demo.Role;

/**
 * Something that goes wrong once. Immutable.
 *
 * @param kind what is done
 * @param role the service that is at the step when it is done
 * @param point the step
 * @param passing the how manieth passing of the step, counted from when it is armed; 1 the first
 * @param afterOrders armed when so many orders have come to their end
 */
public record Fault(Kind kind, Role role, Point point, int passing, int afterOrders) {

  /** What is done. */
  public enum Kind {
    /** The service gets SIGKILL, and is started again. */
    KILL_SERVICE("kill -9"),
    /** The broker gets SIGKILL, and is started again. */
    KILL_BROKER("kill -9 of the broker, with it"),
    /** The server of all services' databases gets SIGKILL, and is started again. */
    KILL_DATABASE("kill -9 of the databases, with them"),
    /** The service gets SIGSTOP, and a moment later SIGCONT. */
    PAUSE("pause"),
    /**
     * The service is stopped before it commits, the broker is killed and started again, and so asks a
     * second instance of the service, before the first one goes on and commits late.
     */
    LATE_COMMIT("a check races with a late commit of");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  @Override
  public String toString() {
    return kind.title + " the " + role.title() + ": " + point.title() + " (passing " + passing
        + ", after " + afterOrders + " orders)";
  }
}
