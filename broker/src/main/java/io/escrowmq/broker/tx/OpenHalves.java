package io.escrowmq.broker.tx;

import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.TransactionCoordinator;
import java.io.DataInput;
import java.io.IOException;
import java.util.function.BiConsumer;

/** Half-messages of transactions that were open when a state file was written. Owner: one thread. */
public final class OpenHalves implements View {

  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(TransactionSettings.DEFAULT.schedule(), Bounds.NONE, 0);

  @Override
  public String name() {
    return Transactions.VIEW_NAME;
  }

  @Override
  public Image beginImage() {
    throw new UnsupportedOperationException("it is only read");
  }

  @Override
  public void restore(DataInput in) throws IOException {
    coordinator.restore(in);
  }

  /** Each half-message, with its transaction. */
  public void forEach(BiConsumer<StoredHalf, OpenTransaction> visitor) {
    for (StoredHalf half : coordinator.storedBefore(Long.MAX_VALUE, Integer.MAX_VALUE)) {
      OpenTransaction open = coordinator.find(half.id());
      if (open != null) {
        visitor.accept(half, open);
      }
    }
  }
}
