package io.escrowmq.broker.core;

import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records messages in escrow again that lie in old segments, so that retention never takes what is in
 * escrow, and a message that is released late stays readable for as long as it should. Half-messages
 * and delayed messages are renewed alike. Owner: the log loop.
 *
 * <p>A message that cannot be read now stays where it is: its segment is kept, and the broker's log names
 * it. It holds up no other message. None is larger than a segment: a broker does not start then.
 */
public final class EscrowRenewal implements OldSegments {

  private static final Logger LOG = LoggerFactory.getLogger(EscrowRenewal.class);

  private static final int MESSAGES_AT_ONCE = 250; // in a turn
  private static final int BYTES_AT_ONCE = 1 << 20;
  private static final int GROWTH_BYTES = 1024; // more than stands before a message
  private static final int MOVED_BYTES = 24; // by which a record may grow: names, and alignment
  private static final int MESSAGES_IN_RESERVE = 50_000; // more need not be counted: too many
  private static final int MOST_STUCK = 10_000; // so many are looked past
  private static final long AGAIN_MILLIS = 60_000; // until those are tried again

  private final CommitLog log;
  private final List<EscrowedMessages> kinds;
  private final Set<Long> stuck = new HashSet<>(); // positions of those that could not be renewed
  private final Set<Long> named = new HashSet<>(); // those of them that the broker's log has named
  private long stuckUntilMillis;

  public EscrowRenewal(CommitLog log, List<EscrowedMessages> kinds) {
    this.log = log;
    this.kinds = List.copyOf(kinds);
  }

  /**
   * By how many bytes segments are too small for what is in escrow to be recorded again; 0 when they are
   * large enough.
   */
  public static int missingBytes(int payloadAtMost, List<EscrowedMessages> kinds) {
    int longest = 0;
    for (EscrowedMessages kind : kinds) {
      longest = Math.max(longest, kind.longestRecord(payloadAtMost - GROWTH_BYTES));
    }
    return longest == 0 ? 0 : Math.max(0, longest + GROWTH_BYTES - payloadAtMost);
  }

  @Override
  public long oldestPosition() {
    long oldest = Long.MAX_VALUE;
    for (EscrowedMessages kind : kinds) {
      oldest = Math.min(oldest, kind.oldestPosition());
    }
    return oldest;
  }

  @Override
  public boolean renewBefore(long position, Recorder recorder) {
    if (recorder.nowMillis() >= stuckUntilMillis) {
      stuck.clear();
      stuckUntilMillis = recorder.nowMillis() + AGAIN_MILLIS;
    }
    boolean isAllDone = true;
    long bytes = 0;
    int renewed = 0;
    try (LogReader reader = log.newReaderOfTurn()) {
      for (EscrowedMessages kind : kinds) {
        int most = MESSAGES_AT_ONCE + stuck.size();
        List<EscrowedMessages.Place> old = kind.before(position, most);
        isAllDone &= old.size() < most;
        for (EscrowedMessages.Place place : old) {
          if (stuck.contains(place.position())) {
            continue;
          }
          if (bytes > BYTES_AT_ONCE) {
            return false;
          }
          if (!recorder.hasRoom(place.bytes() + GROWTH_BYTES)) {
            return renewed == 0; // when not one had room, soon is too early
          }
          renewed += renew(reader, kind, place, recorder);
          bytes += place.bytes();
        }
      }
    }
    return isAllDone || renewed == 0;
  }

  @Override
  public void makeWay(long position, Recorder recorder) {
    List<EscrowedMessages.Place> old = new ArrayList<>();
    for (EscrowedMessages kind : kinds) {
      old.addAll(kind.before(position, MESSAGES_IN_RESERVE));
    }
    long bytes = old.stream().mapToLong(place -> place.bytes() + MOVED_BYTES).sum();
    if (old.size() >= MESSAGES_IN_RESERVE
        || 2 * bytes > log.payloadAtMost()
        || !recorder.hasReserveRoom(Math.toIntExact(2 * bytes))) {
      return;
    }
    try (LogReader reader = log.newReaderOfTurn()) {
      for (EscrowedMessages kind : kinds) {
        for (EscrowedMessages.Place place : kind.before(position, MESSAGES_IN_RESERVE)) {
          renew(reader, kind, place, recorder);
        }
      }
    }
  }

  private int renew(
      LogReader reader, EscrowedMessages kind, EscrowedMessages.Place place, Recorder recorder) {
    LogRecord record = read(reader, kind, place, recorder);
    if (record == null) {
      return 0;
    }
    kind.recordAgain(recorder, place, record);
    return 1;
  }

  // Only reading is tried here: a failure of recording is the log's, and stops it.
  private @Nullable LogRecord read(
      LogReader reader, EscrowedMessages kind, EscrowedMessages.Place place, Recorder recorder) {
    try {
      LogRecord record = reader.read(place.position());
      if (record != null) {
        return record;
      }
      giveUpOrKeep(
          kind,
          place,
          recorder,
          new StorageException(
              StorageException.Reason.CORRUPT,
              "the segment with position " + place.position() + " is gone"));
    } catch (StorageException e) {
      giveUpOrKeep(kind, place, recorder, e);
    }
    return null;
  }

  private void giveUpOrKeep(
      EscrowedMessages kind,
      EscrowedMessages.Place place,
      Recorder recorder,
      StorageException why) {
    if (!kind.isGivenUp(recorder, place, why)) {
      keep(kind, place, String.valueOf(why.getMessage()));
    }
  }

  private void keep(EscrowedMessages kind, EscrowedMessages.Place place, String why) {
    if (stuck.size() < MOST_STUCK) {
      stuck.add(place.position());
    }
    if (named.size() < MOST_STUCK && named.add(place.position())) {
      LOG.error(
          "the {} {} at {} cannot be recorded again, so its segment is kept, and all behind it: {}",
          kind.kind(),
          place.id(),
          place.position(),
          why);
    }
  }

  /**
   * Records a record's message again at the log's tail, behind another front. The caller has asked for
   * room.
   *
   * @return where it lies now
   */
  public static long recordAgain(
      Recorder recorder, RecordKind kind, LogRecord record, int flags, byte[] front) {
    ByteBuffer message = record.payload().position(StoredMessages.messageAt(record));
    return recorder.record(
        kind,
        flags,
        front.length + message.remaining(),
        (position, batch) -> batch.put(front).put(message));
  }
}
