package io.escrowmq.broker.core;

/** When a batch counts as safe: at once after the write, or after the sync that covers it. */
@FunctionalInterface
interface Settlement {

  /** {@code store.flush=async}: the page cache has it. */
  Settlement WRITTEN = Batch::settle;

  /** Takes a written batch; it is settled or abandoned, in the order of the turns. Log loop only. */
  void hand(Batch batch);

  /** The same, and then something that has nothing to do with the batch. */
  default Settlement andThen(Runnable more) {
    return batch -> {
      hand(batch);
      more.run();
    };
  }
}
