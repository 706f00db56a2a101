package io.escrowmq.systemtests;

import java.nio.file.Path;

/**
 * A name server, a broker, or both in one. Keeps its addresses and its store over stop and start. Owner: one
 * test, or the test bed.
 */
interface ServerProcess extends AutoCloseable {

  /** Returns when it is ready. */
  void start();

  /** Asks it to end (SIGTERM) and waits for a clean end. */
  void stop();

  /** Ends it without a warning (SIGKILL). */
  void kill();

  boolean isAlive();

  /** Of the process that runs, where it is one. */
  default long pid() {
    throw new UnsupportedOperationException("it may be two processes");
  }

  /** How the process ended; it has. */
  default int exitCode() {
    throw new UnsupportedOperationException("it may be two processes");
  }

  /** What the process wrote since it was started last. */
  default String output() {
    throw new UnsupportedOperationException("it may be two processes");
  }

  /** Its store as the process itself sees it. */
  default Path storeOfItsOwn() {
    return store();
  }

  /** Its store as this test can reach it while the process runs, also on a disk of its own. */
  Path store();

  /** Address of the name server that runs here or that this broker registers with. */
  String nameServer();

  /** Address of the broker; empty when there is none. */
  String broker();

  String brokerName();

  @Override
  void close();
}
