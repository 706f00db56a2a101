package io.escrowmq.remoting.simulated;

import io.escrowmq.runtime.Simulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being opened. What is lost is sent again after 1 s, 2 s, 4 s, as TCP does; a
 * machine that is there and does not listen refuses; silence lasts until somebody gives up.
 */
public final class Attempt {

  private static final long SEND_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 8;

  private final SimulatedHost from;
  private final InetSocketAddress target;
  private final Consumer<SimulatedSocket> opened;
  private final Consumer<IOException> failed;
  private final Simulator world;
  private boolean over;
  private int sent;

  Attempt(
      SimulatedHost from,
      InetSocketAddress target,
      Consumer<SimulatedSocket> opened,
      Consumer<IOException> failed) {
    this.from = from;
    this.target = target;
    this.opened = opened;
    this.failed = failed;
    this.world = from.network().world();
  }

  /** Nobody waits for it any more. */
  public void giveUp() {
    over = true;
  }

  void send() {
    if (over || from.machine().isCrashed() || sent >= MOST) {
      return;
    }
    long again = SEND_AGAIN_NANOS << sent++;
    SimulatedHost there = from.network().hostAt(target);
    Link link = from.network().link(from, there);
    world.afterNanos(link.delay(), () -> {
      if (link.losesAttempt() || there.isOff()) {
        world.afterNanos(again, this::send);
      } else {
        answer(from.network().listenerAt(target), from.network().link(there, from), again);
      }
    });
  }

  private void answer(@Nullable SimulatedListener listener, Link back, long again) {
    world.afterNanos(back.delay(), () -> {
      if (over || from.machine().isCrashed()) {
        return;
      }
      if (back.losesAttempt()) {
        world.afterNanos(again, this::send);
        return;
      }
      over = true;
      if (listener == null) {
        failed.accept(new ConnectException("Connection refused: " + target));
        return;
      }
      InetSocketAddress local = from.ephemeral();
      SimulatedSocket client = new SimulatedSocket(from, local, target);
      SimulatedSocket server = new SimulatedSocket(listener.host(), target, local);
      SimulatedSocket.join(client, server, listener);
      opened.accept(client);
    });
  }
}
