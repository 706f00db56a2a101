package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.RocketDriver;

/** A driver and what is called in it. Owner: the test bed. */
record DriverProcess(JavaProcess process, RocketDriver calls) {

  /** SIGKILL: its clients are gone without a word, and calls that are under way fail. */
  void kill() {
    process.kill();
  }
}
