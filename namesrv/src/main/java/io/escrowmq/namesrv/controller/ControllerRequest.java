package io.escrowmq.namesrv.controller;

import io.escrowmq.replication.Command;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;

/** What a controller is asked. Immutable. */
public sealed interface ControllerRequest {

  /** A command that says everything itself. */
  record Order(Command command) implements ControllerRequest {}

  /**
   * A replica is alive.
   *
   * @param version the state that it knows; 0 for none
   */
  record Beat(String group, Incarnation incarnation, LogEnd log, long version)
      implements ControllerRequest {}

  /**
   * Somebody else shall lead; the controller knows who is alive.
   *
   * @param epoch the one that shall end; -1 for the last one
   * @param to who shall lead; 0 for the best
   */
  record Election(String group, int epoch, Command.Cause cause, int to)
      implements ControllerRequest {}

  /**
   * An operator accepts a loss.
   *
   * @param order who ordered it, and what was accepted as lost
   */
  record UncleanElection(String group, int replica, String order) implements ControllerRequest {}
}
