package io.escrowmq.broker.visible;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.StorageException;
import org.jspecify.annotations.Nullable;

/** Reads stored messages by where they lie. Any thread. */
@FunctionalInterface
public interface MessageSource {

  /**
   * The message at a position as consumers see it; null when there is none that they may see.
   *
   * @throws StorageException when it cannot be read now
   */
  byte @Nullable [] at(long position);

  /** What is answered when it cannot be read now. */
  static Refusal unreadable(StorageException why) {
    return new Refusal.MessageUnreadable(String.valueOf(why.getMessage()));
  }
}
