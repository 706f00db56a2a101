package io.escrowmq.broker.tx;

import io.escrowmq.broker.visible.Release;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.KeyIndex;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that the coordinator has forgotten, as long as the log holds them: found by the index
 * of keys, under a key that no message can have. Any thread; only those that are visible.
 */
public final class DecisionArchive {

  private static final String TOPIC = "\u0000decision"; // no topic's name
  private static final int MOST_FOUND = 16; // two keys may share a hash

  private final CommitLog log;
  private final KeyIndex keys;

  public DecisionArchive(CommitLog log, KeyIndex keys) {
    this.log = log;
    this.keys = keys;
  }

  /** What a half-message's decision is found by. */
  static long key(long id) {
    return KeyIndex.hash(TOPIC, Long.toHexString(id));
  }

  /** How a half-message became visible with its commit, if it did and that may be seen; null otherwise. */
  public @Nullable Release releaseOf(long id) {
    DecisionRecord decided = look(id);
    if (decided == null) {
      return null;
    }
    return decided.parts().stream()
        .filter(part -> part.id() == id)
        .findFirst()
        .map(DecisionRecord.Part::release)
        .orElse(null);
  }

  /** The same for a HALF record, which may be the half-message recorded again. */
  public @Nullable Release releaseOf(LogRecord half) {
    return releaseOf(HalfRecord.of(half).id(half.position()));
  }

  /**
   * The decision about a half-message; null when none is known, or its record is damaged.
   *
   * @throws StorageException when nobody can say now; asked later, the answer may be another one
   */
  @Nullable
  DecisionRecord find(long id) {
    try {
      return look(id);
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CORRUPT) {
        return null;
      }
      throw e;
    }
  }

  private @Nullable DecisionRecord look(long id) {
    long visible = log.visible();
    long[] positions = keys.find(key(id), 0, Long.MAX_VALUE, visible, MOST_FOUND);
    try (LogReader reader = log.newReader()) {
      for (long position : positions) {
        LogRecord record = reader.read(position);
        if (record != null && record.kind() == RecordKind.DECISION) {
          DecisionRecord decided = DecisionRecord.of(record);
          if (decided.parts().stream().anyMatch(part -> part.id() == id)) {
            return decided;
          }
        }
      }
    }
    return null;
  }
}
