package io.escrowmq.simulation;

/** Ends what a machine is doing at this very moment: it is gone. */
final class PowerOff extends Error {

  private static final long serialVersionUID = 1;

  PowerOff() {
    super("the machine is gone", null, false, false);
  }
}
