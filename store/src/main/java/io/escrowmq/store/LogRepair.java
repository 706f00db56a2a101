package io.escrowmq.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is damaged in the files of a log that nobody has open, and makes the log whole around it.
 *
 * <p>Nothing moves: each whole record stays at its position, so queues, state files and whatever else
 * names positions stay right. Where bytes are lost a record of the log's own takes their place (a
 * filler, kind 0 like a mark), and readers meet a damaged record there. Lost segments are made anew,
 * with nothing but a filler. A torn tail, which no witness calls durable, is left to recovery.
 *
 * <p>{@link LogPieces} says which segments there must be, {@link LogGaps} what is missing in them,
 * {@link LogMender} mends it.
 */
public final class LogRepair {

  private final FileSystem files;
  private final Segments segments;
  private final NavigableSet<Long> states;
  private final LogPieces found;
  private final LogMender mender;
  private final LostBytes lost = new LostBytes();

  private LogRepair(
      FileSystem files,
      Path directory,
      int segmentBytes,
      Collection<Long> states,
      long nowMillis,
      @Nullable Path aside) {
    this.files = files;
    this.segments = new Segments(files, directory);
    this.states = new TreeSet<>(states);
    this.mender = new LogMender(files, segments, this.states, nowMillis, aside);
    long trusted = this.states.isEmpty() ? 0 : this.states.last();
    this.found = new LogPieces(files, segments, mender, segmentBytes, trusted);
  }

  /**
   * What is damaged; nothing is changed.
   *
   * @param segmentBytes the size of a segment when no header says it
   * @param states the positions of the state files: the log was durable up to the highest
   */
  public static List<Damage> check(
      FileSystem files, Path directory, int segmentBytes, Collection<Long> states) {
    return new LogRepair(files, directory, segmentBytes, states, 0, null).run();
  }

  /**
   * Makes the log whole, so that it can be opened at each of the state files' positions. What was
   * damaged, and what is foreign, is kept in another directory.
   *
   * @param aside a new directory on the same disk
   */
  public static RepairReport repair(
      FileSystem files,
      Path directory,
      int segmentBytes,
      Collection<Long> states,
      long nowMillis,
      Path aside) {
    LogRepair repair = new LogRepair(files, directory, segmentBytes, states, nowMillis, aside);
    List<Damage> damages = repair.run();
    return new RepairReport(damages, repair.lost);
  }

  /**
   * What a repair came to.
   *
   * @param damages that it found
   * @param lost by this repair and by those before it
   */
  public record RepairReport(List<Damage> damages, LostBytes lost) {}

  /** Where the log begins, as far as its identity says it; 0 otherwise. */
  public static long start(FileSystem files, Path directory) {
    LogIdentity identity = LogIdentity.read(files, directory);
    return identity == null ? 0 : identity.start();
  }

  private List<Damage> run() {
    List<Piece> pieces = found.find();
    if (pieces.isEmpty()) {
      return mender.found();
    }
    RecordChecksum checksum = new RecordChecksum(found.secret());
    LogGaps gaps = new LogGaps(files, segments, pieces, states, checksum);
    makeHeader(pieces.get(0), pieces.get(0).start(), 0);
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      LogGaps.SegmentGaps looked = gaps.look(i);
      for (Gap gap : looked.gaps()) {
        String what = piece.isMissing() ? "the file is missing" : "no whole record is there";
        mender.lost(piece, gap, what, checksum);
        lost.add(gap.from(), gap.to());
      }
      looked.fillers().forEach(filler -> lost.add(filler.from(), filler.to()));
      if (looked.end() < 0) {
        break;
      }
      if (i + 1 < pieces.size()) {
        makeHeader(pieces.get(i + 1), looked.end(), gaps.epoch());
      }
    }
    return mender.found();
  }

  private void makeHeader(Piece piece, long previousEnd, int epoch) {
    if (piece.header() == null) {
      mender.makeHeader(piece, previousEnd, epoch, found.secret());
    }
  }
}
