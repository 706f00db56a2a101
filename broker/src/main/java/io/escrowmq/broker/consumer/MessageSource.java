package io.escrowmq.broker.consumer;

import org.jspecify.annotations.Nullable;

/** Reads stored messages by where they lie. Any thread. */
@FunctionalInterface
public interface MessageSource {

  /** The message as it was stored at a position; null when none begins there (any more). */
  byte @Nullable [] at(long position);
}
