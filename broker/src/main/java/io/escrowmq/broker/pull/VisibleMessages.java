package io.escrowmq.broker.pull;

import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.tx.DecisionArchive;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.KeyIndex;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages as their consumers see them, found by what the log says of them and not by a queue. Nothing
 * is shown that is still in escrow or was dropped from it, nor what is not yet as safe as the flush mode
 * promises, be it the message or the record that released it. Any thread; reads the disk.
 */
final class VisibleMessages {

  private static final int MOST_OF_ONE_KEY = 256; // messages of one unique key that are looked at

  private final CommitLog log;
  private final KeyIndex keys;
  private final DecisionArchive decisions;

  VisibleMessages(CommitLog log, KeyIndex keys) {
    this.log = log;
    this.keys = keys;
    this.decisions = new DecisionArchive(log, keys);
  }

  /**
   * The message whose record begins at a position, or that was a half-message with this id; null when
   * there is none to be seen.
   *
   * @throws StorageException when nobody can say now
   */
  byte @Nullable [] at(long position) {
    try (LogReader reader = log.newReader()) {
      LogRecord record = read(reader, position);
      if (record == null) { // what was in escrow may have been recorded again since
        Release release = position < 0 ? null : decisions.releaseOf(position);
        return release == null ? delivered(reader, position) : released(reader, release);
      }
      return switch (record.kind()) {
        case MESSAGE -> StoredMessages.visible(record);
        case HALF -> ofHalf(reader, record);
        case DELAYED -> ofDelayed(reader, record);
        case DELIVERY,
            CONSUMER_OFFSETS,
            TOPIC,
            TOPIC_DELETED,
            GROUP,
            GROUP_DELETED,
            DECISION,
            CHECK -> null;
      };
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CORRUPT) {
        return null; // a made-up position looks like damage: it is not ours to report
      }
      throw e;
    }
  }

  private byte @Nullable [] ofHalf(LogReader reader, LogRecord half) {
    Release release = decisions.releaseOf(half);
    return release == null ? ofDelayed(reader, half) : released(reader, release);
  }

  // A delayed message that was recorded again, by the place where it was first.
  private byte @Nullable [] delivered(LogReader reader, long first) {
    long hash = DelayedMessages.key(first);
    for (long candidate : keys.find(hash, 0, Long.MAX_VALUE, log.visible(), MOST_OF_ONE_KEY)) {
      LogRecord delivery = read(reader, candidate);
      if (delivery != null && delivery.kind() == RecordKind.DELIVERY) {
        Release release = DelayedMessages.releaseOf(delivery);
        if (release != null
            && release.isFoundBy(hash)
            && isReleaseOf(reader, release, first, first)) {
          return released(reader, release);
        }
      }
    }
    return null;
  }

  // What was delivered by time is found by its own key, as the index leads to the delivery.
  private byte @Nullable [] ofDelayed(LogReader reader, LogRecord record) {
    MessageView view = new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
    String key = view.property(PropertyNames.UNIQUE_KEY);
    if (key == null) {
      return null;
    }
    long position = record.position();
    long first =
        record.kind() == RecordKind.DELAYED ? StoredMessages.firstPosition(record) : position;
    long hash = KeyIndex.hash(view.topic(), key);
    for (long candidate : keys.find(hash, 0, Long.MAX_VALUE, log.visible(), MOST_OF_ONE_KEY)) {
      LogRecord delivery = read(reader, candidate);
      if (delivery != null && delivery.kind() == RecordKind.DELIVERY) {
        Release release = DelayedMessages.releaseOf(delivery);
        if (release != null && isReleaseOf(reader, release, position, first)) {
          return released(reader, release);
        }
      }
    }
    return null;
  }

  // It may have been recorded again before it was delivered.
  private boolean isReleaseOf(LogReader reader, Release release, long position, long first) {
    if (release.position() == position) {
      return true;
    }
    LogRecord released = read(reader, release.position());
    if (released == null) {
      return false;
    }
    if (released.kind() == RecordKind.HALF) { // it was, before its commit
      int at = StoredMessages.messageAt(released);
      return new MessageView().wrap(released.payload(), at).preparedPosition() == first;
    }
    return released.kind() == RecordKind.DELAYED
        && StoredMessages.isMovedDelayed(released)
        && StoredMessages.firstPosition(released) == first;
  }

  /**
   * What the record at a position, as the key index has it, made visible under a key.
   *
   * @throws StorageException when that cannot be read
   */
  List<byte[]> madeVisibleBy(LogReader reader, long position, long keyHash) {
    LogRecord record = read(reader, position);
    if (record == null) {
      return List.of();
    }
    return switch (record.kind()) {
      case MESSAGE -> List.of(StoredMessages.visible(record));
      case DELIVERY -> {
        Release release = DelayedMessages.releaseOf(record);
        yield release == null ? List.of() : released(reader, List.of(release), keyHash);
      }
      case DECISION -> released(reader, Transactions.releasesOf(record), keyHash);
      case HALF, DELAYED, CONSUMER_OFFSETS, TOPIC, TOPIC_DELETED, GROUP, GROUP_DELETED, CHECK ->
        List.of();
    };
  }

  private List<byte[]> released(LogReader reader, List<Release> releases, long keyHash) {
    return releases.stream()
        .filter(release -> release.isFoundBy(keyHash))
        .map(release -> released(reader, release))
        .filter(Objects::nonNull)
        .toList();
  }

  private byte @Nullable [] released(LogReader reader, Release release) {
    LogRecord record = read(reader, release.position());
    return record == null ? null : StoredMessages.visible(record, release);
  }

  private @Nullable LogRecord read(LogReader reader, long position) {
    return position < 0 || position >= log.visible() ? null : reader.read(position);
  }
}
