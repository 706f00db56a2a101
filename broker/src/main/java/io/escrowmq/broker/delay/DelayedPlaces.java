package io.escrowmq.broker.delay;

import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Where delayed messages lie that waited when a state file was written. Owner: one thread. */
public final class DelayedPlaces implements View {

  private final DueTimes due = new DueTimes();

  @Override
  public String name() {
    return DelayedMessages.VIEW_NAME;
  }

  @Override
  public Image beginImage() {
    return due.beginImage();
  }

  @Override
  public void restore(DataInput in) throws IOException {
    DueImage.read(in, due);
  }

  /** The positions, in no order that matters. */
  public void forEach(LongConsumer visitor) {
    due.forEach((dueMillis, position, length) -> visitor.accept(position));
  }
}
