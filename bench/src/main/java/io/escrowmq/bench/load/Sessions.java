package io.escrowmq.bench.load;

/** Transactions of one topic that are over when the call that commits them returns. One caller at a time. */
interface Sessions {
  /** One more session; it is used by one thread. */
  Session open() throws Exception;

  /** Messages that the topic's queues have had so far; -1 when nobody can tell. */
  long visible() throws Exception;

  /** Closes all sessions. */
  void close();

  /** Runs one transaction after the other. */
  @FunctionalInterface
  interface Session {
    /** Sends the messages of one transaction and commits. */
    void run() throws Exception;
  }
}
