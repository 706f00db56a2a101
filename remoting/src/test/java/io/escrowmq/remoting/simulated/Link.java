package io.escrowmq.remoting.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One direction from one machine to another: its line, and whether it is cut. */
public final class Link {

  private final SimulatedNetwork network;
  private final List<Runnable> held = new ArrayList<>(); // goes on when there is a way again
  private @Nullable Line line; // null: as all others
  private boolean cut;

  Link(SimulatedNetwork network) {
    this.network = network;
  }

  /** Behaves so from now on; null for as all others do. */
  public void set(@Nullable Line other) {
    line = other;
  }

  /** Nothing gets through any more, and nobody is told; the other direction is not concerned. */
  public void cut() {
    cut = true;
  }

  /** What is still wanted gets through again, late. */
  public void heal() {
    if (cut) {
      cut = false;
      goOn();
    }
  }

  public boolean isCut() {
    return cut;
  }

  Line line() {
    Line own = line;
    return own == null ? network.usualLine() : own;
  }

  long delay() {
    return line().delay(random());
  }

  /** Whether a message that opens a connection is lost now. */
  boolean losesAttempt() {
    return cut || line().losesAttempt(random());
  }

  /** Has this happen when the link is healed, or the machine at its end is there again. */
  void whenThereIsAWay(Runnable action) {
    held.add(action);
  }

  void goOn() {
    List<Runnable> all = List.copyOf(held);
    held.clear();
    all.forEach(Runnable::run);
  }

  private Random random() {
    return network.world().random();
  }
}
