package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;

/** A client library, connected to one broker, that loads can be run with. One caller at a time. */
interface Driver {
  /** Ends the name of the topic beside each, for what must not be in the measured one. */
  String WARM = "-warm";

  /** Sends a message with a short deadline; throws when it is not acknowledged. */
  void probe(String topic) throws Exception;

  /** Creates the topic and the one beside it, and waits until both can be sent to. */
  void create(String topic, int queues) throws Exception;

  /**
   * The load of a mode that this library takes.
   *
   * @param backlog of a drain, the messages that wait; of the filling before a restart, the position to be reached
   */
  Load load(Mode mode, String topic, long backlog) throws Exception;
}
