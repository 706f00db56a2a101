package io.escrowmq.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends on several connections from one thread. A message is due at its time, however many before it have no answer; one that
 * finds no room in its socket waits, and is given up after three seconds, as clients do. Used once.
 */
final class PacedFrames implements AutoCloseable {
  private static final long PATIENCE_NANOS = 3_000_000_000L; // of a client's send
  private static final double NANOS_PER_SECOND = 1e9;

  private final Selector selector;
  private final List<FramePeer> peers = new ArrayList<>();
  private final long perSecond;
  private final long window;
  private int turn;

  /** {@code perSecond} 0: {@code window} messages are always under way. */
  PacedFrames(
      InetSocketAddress broker, SendFrame frame, int connections, long perSecond, long window)
      throws IOException {
    this.selector = Selector.open();
    this.perSecond = perSecond;
    this.window = window;
    for (int i = 0; i < connections; i++) {
      peers.add(new FramePeer(broker, frame, selector));
    }
  }

  /** Sends for so long, then waits for answers as long as a client does. */
  Seconds send(Duration time) throws IOException {
    long began = System.nanoTime();
    Seconds seconds = new Seconds(began, (int) time.toSeconds(), PATIENCE_NANOS);
    DueTimes due = new DueTimes();
    long end = began + time.toNanos();
    int next = 0;
    for (long now = began; now < end; now = System.nanoTime()) {
      long wanted = perSecond == 0
          ? next + window - unanswered()
          : (long) ((now - began) / NANOS_PER_SECOND * perSecond);
      while (next < wanted) {
        long dueAt = perSecond == 0 ? now : began + (long) (next * NANOS_PER_SECOND / perSecond);
        if (now - dueAt > PATIENCE_NANOS) {
          seconds.givenUp(dueAt);
        } else if (!write(next, dueAt, due)) {
          break;
        }
        next++;
      }
      exchange(seconds, due);
    }
    long last = end + PATIENCE_NANOS;
    while (unanswered() > 0 && System.nanoTime() < last) {
      exchange(seconds, due);
    }
    seconds.ended(unanswered(), System.nanoTime() - end);
    return seconds;
  }

  private boolean write(int number, long dueAt, DueTimes due) {
    for (int i = 0; i < peers.size(); i++) {
      turn = (turn + 1) % peers.size();
      if (peers.get(turn).write(number)) {
        due.put(number, dueAt);
        return true;
      }
    }
    return false;
  }

  private void exchange(Seconds seconds, DueTimes due) throws IOException {
    boolean hasMoved = false;
    for (FramePeer peer : peers) {
      hasMoved |= peer.flush();
    }
    selector.selectNow();
    for (SelectionKey key : selector.selectedKeys()) {
      FramePeer peer = (FramePeer) key.attachment();
      peer.read((number, code, remark) ->
          seconds.answered(due.get(number), System.nanoTime(), code, remark));
      hasMoved = true;
    }
    selector.selectedKeys().clear();
    if (!hasMoved) {
      selector.select(1);
    }
  }

  private long unanswered() {
    long sum = 0;
    for (FramePeer peer : peers) {
      sum += peer.unanswered();
    }
    return sum;
  }

  /** When the messages were due that have no answer yet: of so many, the newest ones. */
  private static final class DueTimes {
    private static final int KEPT = 1 << 22;

    private final long[] times = new long[KEPT];

    void put(int number, long time) {
      times[number & (KEPT - 1)] = time;
    }

    long get(int number) {
      return times[number & (KEPT - 1)];
    }
  }

  @Override
  public void close() throws IOException {
    for (FramePeer peer : peers) {
      peer.close();
    }
    selector.close();
  }
}
