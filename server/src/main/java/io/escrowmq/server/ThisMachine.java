package io.escrowmq.server;

import io.escrowmq.runtime.Surroundings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real threads, clocks and chance, for the process that this launcher starts. */
final class ThisMachine {

  private static final Logger LOG = LoggerFactory.getLogger(ThisMachine.class);

  private ThisMachine() {}

  static Surroundings surroundings() {
    return Surroundings.ofThisMachine((loop, failure) ->
        LOG.error("{} failed; it goes on, in a second at the latest", loop, failure));
  }
}
