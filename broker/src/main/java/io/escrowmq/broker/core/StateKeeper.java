package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.state.StateFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes state files, so that a restart replays only the log's tail.
 *
 * <p>Two halves: on the log loop it takes the views' images, every so many bytes of log, and a part at
 * a time, because producers wait meanwhile; on a thread of its own it writes them, once they are whole
 * and the log is durable and visible up to their position. A state file that cannot be written costs nothing but a
 * longer restart.
 */
public final class StateKeeper implements Duty {

  private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);

  /** Log bytes between two state files at most: how much a restart replays, roughly. */
  private static final long EVERY_BYTES = 256L << 20;

  /**
   * A log that grows slowly gets one so often: the times that state files keep must go on though the
   * broker is killed each day.
   */
  static final long EVERY_MILLIS = 3_600_000;

  private static final long IDLE_MILLIS = 1000;
  private static final long POLL_MILLIS = 50; // while the log is not durable up to the images
  private static final long PART_MILLIS = 5; // between two parts of an image: others have turns

  private record PendingImage(long position, Map<String, Image> images) {}

  private final CommitLog log;
  private final StateFiles states;
  private final List<View> views;
  private final Ticker ticker;
  private final long everyBytes;
  private final AtomicReference<@Nullable PendingImage> pending = new AtomicReference<>();
  private @Nullable PendingImage begun; // log loop; images that are not all whole
  private long nextPartMillis; // log loop
  private long lastPosition; // log loop; of the images that were whole last
  private long lastTick; // log loop; when they were begun
  private volatile boolean asked;
  private LongSupplier applied; // up to where the views have the log

  public StateKeeper(CommitLog log, StateFiles states, List<View> views, Ticker ticker) {
    this(log, states, views, ticker, EVERY_BYTES);
  }

  /** @param segmentBytes of the log: small files are for little to replay */
  public StateKeeper(
      CommitLog log, StateFiles states, List<View> views, Ticker ticker, long segmentBytes) {
    this.log = log;
    this.states = states;
    this.views = List.copyOf(views);
    this.ticker = ticker;
    this.everyBytes = Math.min(EVERY_BYTES, segmentBytes);
    this.lastTick = ticker.millis();
    this.applied = log::end;
  }

  /**
   * Of a copy, which is longer than what is applied of it. Before the first turn.
   *
   * @param upTo which the views have it
   */
  public void follow(LongSupplier upTo) {
    applied = upTo;
  }

  /** The copy is led from now on: the views have all of it, always. Nothing has a turn meanwhile. */
  public void lead() {
    applied = log::end;
  }

  /**
   * Says from where on a restart would have to replay: the position of the newest state file, or the log's
   * end when nothing follows it. Before the first turn.
   */
  public void restored(long position) {
    lastPosition = position;
  }

  /** Up to where no restart would have to replay. The log loop, or whoever stopped it. */
  public long lastPosition() {
    return lastPosition;
  }

  /** Asks for a state file soon: retention waits for one. Any thread. */
  public void ask() {
    asked = true;
  }

  /** Asks for a state file if the log has grown and the last one is an hour old. The log loop. */
  void askIfOld() {
    if (applied.getAsLong() > lastPosition && ticker.millis() - lastTick >= EVERY_MILLIS) {
      ask();
    }
  }

  /** Log segments below it may be deleted, as far as state files are concerned. */
  public long oldestPosition() {
    return states.oldestPosition();
  }

  // Duty, on the log loop

  @Override
  public long nextMillis() {
    if (begun != null) {
      return nextPartMillis;
    }
    return isDue() ? 0 : Long.MAX_VALUE;
  }

  @Override
  public void onTick(Recorder recorder) {
    take(recorder.nowMillis(), () -> hasMoved(recorder));
  }

  /** The same on a copy, which grows by what its leader records only. */
  public void onCopyTick(long nowMillis) {
    if (nextMillis() <= nowMillis) {
      take(nowMillis, () -> false);
    }
  }

  private void take(long nowMillis, BooleanSupplier moved) {
    PendingImage images = begun == null ? begin(moved) : begun;
    begun = null; // also when taking a part throws: what is missing then is not known
    if (images == null) {
      return;
    }
    if (isWhole(images)) {
      lastPosition = images.position();
      pending.set(images);
    } else {
      begun = images;
      nextPartMillis = nowMillis + PART_MILLIS;
    }
  }

  private @Nullable PendingImage begin(BooleanSupplier moved) {
    if (!isDue()) {
      return null;
    }
    asked = false;
    lastTick = ticker.millis();
    if (applied.getAsLong() == lastPosition && !moved.getAsBoolean()) {
      return null; // whoever asked asks again
    }
    return images(View::beginImage);
  }

  // One part a tick at most.
  private static boolean isWhole(PendingImage begun) {
    for (Image image : begun.images().values()) {
      if (!image.take()) {
        return false;
      }
    }
    return true;
  }

  private boolean isDue() {
    return (applied.getAsLong() - lastPosition >= everyBytes || asked) && pending.get() == null;
  }

  // Retention needs two state files, so two positions, also on a log that has no room for anything
  // else.
  private boolean hasMoved(Recorder recorder) {
    if (!recorder.hasReserveRoom(CommitLog.MARK_BYTES)) {
      return false;
    }
    log.mark();
    return true;
  }

  private PendingImage images(Function<View, Image> image) {
    Map<String, Image> images = new LinkedHashMap<>();
    for (View view : views) {
      images.put(view.name(), image.apply(view));
    }
    return new PendingImage(applied.getAsLong(), images);
  }

  // On a thread of its own

  /** The half that writes. */
  public Loop writer() {
    return new Loop() {
      @Override
      public int turn() {
        PendingImage ready = pending.get();
        if (ready == null || log.durable() < ready.position() || log.visible() < ready.position()) {
          return 0;
        }
        try {
          write(ready);
        } finally {
          pending.set(null); // also when it fails: others follow, and retention waits for them
        }
        return 1;
      }

      @Override
      public boolean hasWork() {
        return false;
      }

      @Override
      public long nextMillis() {
        return ticker.millis() + (pending.get() == null ? IDLE_MILLIS : POLL_MILLIS);
      }
    };
  }

  /**
   * After the loops have ended: syncs the log and writes the state as it is now, unless it may be taken back: a
   * state that is ahead of its log is refused by every start.
   */
  public void writeLast() {
    if (log.failure() != null) {
      return;
    }
    log.sync();
    if (log.visible() < applied.getAsLong()) {
      return;
    }
    if (applied.getAsLong() > lastPosition || pending.get() != null) {
      write(images(View::image));
    }
  }

  private void write(PendingImage ready) {
    long begun = ticker.millis();
    try {
      states.write(ready.position(), ready.images());
      LOG.info("state file written at {} in {} ms", ready.position(), ticker.millis() - begun);
    } catch (StorageException e) {
      LOG.warn("no state file at {}: {}; restart takes longer", ready.position(), e.getMessage());
    }
  }
}
