package io.escrowmq.namesrv.controller;

import io.escrowmq.replication.Command;
import io.escrowmq.replication.GroupBook;
import io.escrowmq.replication.Ruling;
import java.util.function.Consumer;

/**
 * The door to what all controllers of a cluster agree on.
 *
 * <p>The caller is the controller's loop. The implementation must apply commands in one order that is the same
 * everywhere, and must tell a ruling only when nothing can take it back: a crash of this machine included.
 */
public interface Consensus extends AutoCloseable {

  /** What is agreed on. */
  GroupBook book();

  /**
   * Rules on a command and keeps what follows. Fails with {@link ConsensusException} if it cannot; it may have been
   * kept then, or not.
   *
   * @param then is told the ruling, on the loop's thread
   */
  void submit(Command command, Consumer<Ruling> then);

  @Override
  void close();
}
