package io.escrowmq.store;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the log takes more, before anything is ruled on: there are blocks on the disk, and what too few replicas
 * have is not too much. Both turn true again by themselves. Messages leave a reserve of both to what must go on,
 * and that leaves a part of the replicas' to decisions: offsets come for ever, decisions only as long as there are
 * open transactions. Owner: the log loop.
 */
public final class LogRoom {

  /**
   * So much of the log may wait for replicas: it is kept in memory, too, and a failover loses it. One request may
   * be longer when nothing waits.
   */
  public static final long MOST_UNCOMMITTED_BYTES = 64L << 20;

  private enum Use {
    MESSAGES(6),
    GOING_ON(7),
    DECISIONS(8);

    private final int eighths; // of what may wait for replicas

    Use(int eighths) {
      this.eighths = eighths;
    }
  }

  private final Tail tail;
  private final Windows windows;
  private final int reserveBytes;
  private final LongSupplier uncommitted;
  private long mostUncommitted = MOST_UNCOMMITTED_BYTES;
  private Shortage.@Nullable OfReplicas ofReplicas; // when room was asked for last

  /** @param uncommitted how many bytes at the log's end wait for replicas; negative: nobody waits for them */
  LogRoom(Tail tail, Windows windows, LogSettings settings, LongSupplier uncommitted) {
    this.tail = tail;
    this.windows = windows;
    this.reserveBytes = settings.reserveBytes();
    this.uncommitted = uncommitted;
  }

  /** From now on no more than this waits for replicas. */
  public void mostUncommitted(long bytes) {
    mostUncommitted = bytes;
  }

  /**
   * Whether a record with this payload may be appended and leave the reserve untouched. False: there is a
   * {@link #shortage}; or the payload is longer than {@link CommitLog#payloadAtMost}.
   */
  public boolean forMessage(int payloadLength) {
    return has(payloadLength, reserveBytes, Use.MESSAGES);
  }

  /**
   * The same for several records in a row, which may take more than one segment.
   *
   * @param bytes what they take in all, at most
   * @param largestPayload of one of them
   */
  public boolean forMessages(long bytes, int largestPayload) {
    return isWithinUncommitted(bytes, Use.MESSAGES)
        && tail.hasRoom(bytes, largestPayload, reserveBytes);
  }

  /** The same for what must go on when there is a shortage; may use the reserve. */
  public boolean inReserve(int payloadLength) {
    return has(payloadLength, 0, Use.GOING_ON);
  }

  /** The same for several records in a row, as {@link #forMessages}. */
  public boolean inReserve(long bytes, int largestPayload) {
    return isWithinUncommitted(bytes, Use.GOING_ON) && tail.hasRoom(bytes, largestPayload, 0);
  }

  /** The same for a decision about a transaction, which may use all of the reserve. */
  public boolean forDecision(int payloadLength) {
    return has(payloadLength, 0, Use.DECISIONS);
  }

  private boolean has(int payloadLength, int keep, Use use) {
    return isWithinUncommitted(payloadLength, use) && tail.hasRoom(payloadLength, keep);
  }

  private boolean isWithinUncommitted(long bytes, Use use) {
    long waiting = uncommitted.getAsLong();
    long most = mostUncommitted / 8 * use.eighths;
    boolean isWithin = waiting <= 0 || waiting + bytes <= most;
    ofReplicas = isWithin ? null : new Shortage.OfReplicas(waiting + bytes, most);
    return isWithin;
  }

  /** Why there was no room when it was asked for last; null when there was. */
  public @Nullable Shortage shortage() {
    return ofReplicas == null ? windows.shortage() : ofReplicas;
  }
}
