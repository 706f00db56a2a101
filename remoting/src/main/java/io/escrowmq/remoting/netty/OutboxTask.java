package io.escrowmq.remoting.netty;

import org.jspecify.annotations.Nullable;

/** Something that waits to be done on an event loop; itself the link of the loop's outbox. */
abstract class OutboxTask {

  /** Owner: the outbox, while this waits in it. */
  @Nullable
  OutboxTask next;

  /** Whether the loop's own thread handed it over instead of doing it at once. Owner: the loop. */
  boolean isOwn;

  /** Does it; on the loop. */
  abstract void run();

  /** Whether other connections come first when the loop has done much work. */
  boolean mayBePutOff() {
    return false;
  }

  /** The loop has ended: lets go of what is held. */
  abstract void discard();
}
