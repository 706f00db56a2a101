package io.escrowmq.broker.visible;

import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;

/**
 * The latest time at which a message was stored or became visible, by the clock of the broker that
 * recorded it. The next start goes on from there. Owner: the log loop.
 *
 * <pre>
 * time int64, 0 for none
 * </pre>
 */
public final class NewestTime implements View {

  private long millis;

  public long millis() {
    return millis;
  }

  /** A record has this time. */
  public void saw(long recordedMillis) {
    millis = Math.max(millis, recordedMillis);
  }

  @Override
  public String name() {
    return "newest-time";
  }

  @Override
  public boolean mayStartEmpty() {
    return true;
  }

  @Override
  public Image beginImage() {
    long now = millis;
    return out -> out.writeLong(now);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    millis = in.readLong();
  }
}
