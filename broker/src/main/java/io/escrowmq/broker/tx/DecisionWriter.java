package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Ruling;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records decisions: one record that carries all that becomes visible, so that it happens in one
 * step. Owner: the log loop.
 */
final class DecisionWriter {

  /** How it went. */
  sealed interface WriteResult {

    /**
     * Recorded.
     *
     * @param leftOut how many half-messages a commit makes visible nowhere, because their topic is gone
     */
    record Complete(Decision decision, int halves, int leftOut) implements WriteResult {}

    /** Not recorded yet: a turn may read no more. Goes on in another turn, and on its state. */
    record Partial() implements WriteResult {}

    /** Not recorded; the transaction stays as it was. */
    record NotNow(Refusal why) implements WriteResult {}
  }

  /** So much is read from the log for a commit before others have their turn, but for the first. */
  static final int READ_A_TURN = 16 << 20;

  private static final int BYTES_AGAIN = 4 << 20; // recorded again by a decision in a turn, about

  private final CommitLog log;
  private final QueueViews queues;
  private final TopicCatalog topics;
  private final RecentHalves recent;
  private final SegmentAges ages;
  private final int readATurn;
  private final MessageView message = new MessageView();

  DecisionWriter(
      CommitLog log,
      QueueViews queues,
      TopicCatalog topics,
      RecentHalves recent,
      SegmentAges ages,
      int readATurn) {
    this.log = log;
    this.queues = queues;
    this.topics = topics;
    this.recent = recent;
    this.ages = ages;
    this.readATurn = readATurn;
  }

  /**
   * Whoever decides.
   *
   * @param rights to have messages come into their topics
   */
  private record Author(Decider by, Rights rights) {}

  /**
   * Records what the ruling says, by name of whoever decided.
   *
   * @param said by whom
   * @param rights of whoever decided, to have messages come into their topics
   * @param read what earlier turns read of it, and this one adds to
   */
  WriteResult write(
      Recorder recorder,
      Ruling.Decide ruling,
      Report.Statement said,
      Rights rights,
      ReadHalves read) {
    Author author = new Author(said.by(), rights);
    Decision decision =
        new Decision(ruling.id(), ruling.verdict(), said.by(), recorder.nowMillis());
    byte[] payload;
    int leftOut = 0;
    try {
      List<DecisionRecord.Part> parts = ruling.verdict() == Verdict.COMMIT
          ? visible(ruling.halves(), author, recorder, read)
          : ruling.halves().stream()
              .map(half -> DecisionRecord.Part.dropped(half.id()))
              .toList();
      if (parts.size() < ruling.halves().size()) {
        return new WriteResult.Partial();
      }
      if (ruling.verdict() == Verdict.COMMIT) {
        leftOut = leftOut(parts);
        if (leftOut == parts.size()) {
          return new WriteResult.NotNow(new Refusal.TopicsOfHalvesGone());
        }
      }
      payload = new DecisionRecord(decision, said.who(), said.why(), parts).payload();
    } catch (RefusedException e) {
      return new WriteResult.NotNow(e.refusal());
    }
    if (payload.length > recorder.payloadAtMost()) {
      return new WriteResult.NotNow(
          new Refusal.DecisionTooLarge(payload.length, recorder.payloadAtMost()));
    }
    if (!recorder.hasDecisionRoom(payload.length)) {
      Refusal why = Refusals.noRoom(recorder, payload.length);
      return new WriteResult.NotNow(
          why instanceof Refusal.DiskFull ? new Refusal.ReserveFull() : why);
    }
    recorder.record(RecordKind.DECISION, 0, payload);
    return new WriteResult.Complete(decision, ruling.halves().size(), leftOut);
  }

  private static int leftOut(List<DecisionRecord.Part> parts) {
    int leftOut = 0;
    for (DecisionRecord.Part part : parts) {
      leftOut += part.isDropped() ? 1 : 0;
    }
    return leftOut;
  }

  /** Ends early when a turn may read no more. */
  private List<DecisionRecord.Part> visible(
      List<StoredHalf> halves, Author author, Recorder recorder, ReadHalves read) {
    List<DecisionRecord.Part> parts = new ArrayList<>(halves.size());
    QueueEnds ends = new QueueEnds(queues);
    long ageing = ages.ageingBefore(recorder.nowMillis());
    int bytesAgain = 0;
    long bytesRead = 0;
    try (HalfReader reader = new HalfReader(log)) {
      for (StoredHalf half : halves) {
        if (half.position() >= log.written()) {
          throw new RefusedException(new Refusal.HalfBeingWritten());
        }
        ReadHalves.Half before = read.find(half.id(), half.position());
        if (before != null) {
          parts.add(again(before, author, recorder, ends));
          continue;
        }
        boolean isOld = half.position() < ageing;
        Release known = isOld ? null : recent.find(half.position());
        if (known != null) {
          parts.add(released(half.id(), known, author, recorder, ends));
          continue;
        }
        if (bytesRead > 0 && bytesRead + half.bytes() > readATurn) {
          break;
        }
        LogRecord record = reader.read(half);
        bytesRead += half.bytes();
        recorder.hasRead(half.bytes());
        ReadHalves.Half now = visible(half, record, author, recorder.nowMillis(), ends);
        if (isOld
            && !now.part().isDropped()
            && bytesAgain < BYTES_AGAIN
            && hasRoomAgain(recorder, record)) {
          bytesAgain += record.recordLength();
          now = now.movedTo(HalvesInEscrow.recordAgain(recorder, half.id(), record));
        }
        read.add(now);
        parts.add(now.part());
      }
    }
    return parts;
  }

  private DecisionRecord.Part again(
      ReadHalves.Half read, Author author, Recorder recorder, QueueEnds ends) {
    DecisionRecord.Part part = read.part();
    if (part.release() != null) {
      return released(part.id(), part.release(), author, recorder, ends);
    }
    return isLeftOut(read.topic(), part.id(), author)
        ? DecisionRecord.Part.dropped(part.id())
        : part;
  }

  private DecisionRecord.Part released(
      long id, Release release, Author author, Recorder recorder, QueueEnds ends) {
    if (isLeftOut(release.topic(), id, author)) {
      return DecisionRecord.Part.dropped(id);
    }
    long queueOffset = ends.take(release.topic(), release.queueId());
    return DecisionRecord.Part.released(id, release.at(recorder.nowMillis(), queueOffset));
  }

  // What became visible in an old segment would go with it: it is recorded again first.
  private boolean hasRoomAgain(Recorder recorder, LogRecord record) {
    int most = record.recordLength() + Long.BYTES;
    return recorder.hasRoom(most);
  }

  private ReadHalves.Half visible(
      StoredHalf half, LogRecord record, Author author, long nowMillis, QueueEnds ends) {
    MessageView view = message.wrap(record.payload(), StoredMessages.messageAt(record));
    String topic = view.topic();
    if (isLeftOut(topic, half.id(), author)) {
      return new ReadHalves.Half(DecisionRecord.Part.dropped(half.id()), topic);
    }
    long dueMillis = DueTime.of(HalfRecord.of(record).control(), nowMillis).dueMillis();
    int length = record.recordLength();
    if (dueMillis > 0) {
      return new ReadHalves.Half(
          DecisionRecord.Part.delayed(half.id(), half.position(), length, dueMillis), topic);
    }
    long queueOffset = ends.take(topic, view.queueId());
    Release release = Release.of(half.position(), length, nowMillis, queueOffset, view);
    return new ReadHalves.Half(DecisionRecord.Part.released(half.id(), release), topic);
  }

  /**
   * A half-message goes with the topic that it was sent to, also when there is another of its name. Its
   * producer is told, an operator commits what is left.
   */
  private boolean isLeftOut(String topic, long id, Author author) {
    String forbidden = author.rights().refusalOfTopic(topic);
    if (forbidden != null) {
      throw new RefusedException(new Refusal.NotPermitted(forbidden));
    }
    if (topics.holds(topic, id)) {
      return false;
    }
    if (author.by() != Decider.OPERATOR) {
      throw new RefusedException(new Refusal.TopicOfHalfGone(topic));
    }
    return true;
  }

  /** Reads half-messages; opens nothing before the first, as most decisions need to read none. */
  private static final class HalfReader implements AutoCloseable {

    private final CommitLog log;
    private @Nullable LogReader opened;

    HalfReader(CommitLog log) {
      this.log = log;
    }

    // Only reading is tried here: a failure of recording is the log's, and stops it.
    LogRecord read(StoredHalf half) {
      LogReader reader = opened == null ? log.newReaderOfTurn() : opened;
      opened = reader;
      try {
        LogRecord record = reader.read(half.position());
        if (record != null) {
          return record;
        }
      } catch (StorageException e) {
        String why = String.valueOf(e.getMessage());
        throw new RefusedException(
            e.reason() == StorageException.Reason.CORRUPT
                ? new Refusal.HalfDamaged(why)
                : new Refusal.HalfUnreadable(why));
      }
      throw new RefusedException(new Refusal.HalfDamaged(
          "the segment of the log with position " + half.position() + " is gone, and with it the"
              + " half-message " + half.id() + ": bring the file back from a copy, or roll back"));
    }

    @Override
    public void close() {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
