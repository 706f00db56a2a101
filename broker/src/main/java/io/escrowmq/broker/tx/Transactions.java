package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.visible.KeySink;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.VisibleValue;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CoordinatorImage;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.EscrowFigures;
import io.escrowmq.tx.Half;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.TransactionCoordinator;
import io.escrowmq.tx.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The coordinator as a view of the log: translates records into its facts, and makes visible what a
 * decision releases. Owner: the log loop.
 */
public final class Transactions implements View {

  static final String VIEW_NAME = "transactions";

  private final TransactionCoordinator coordinator;
  private final QueueViews queues;
  private final DelayedMessages delayed;
  private final KeySink keys;
  private final InstantSource clock;
  private final Ticker ticker;
  private final HeapBudget.Kind memory;
  private final RecentHalves recent = new RecentHalves();
  private HalfTerms latestTerms = HalfTerms.of("");
  private volatile EscrowFigures figures = EscrowFigures.NONE;
  private final VisibleValue<EscrowFigures> visibleFigures;

  public Transactions(
      TransactionCoordinator coordinator,
      LongSupplier visible,
      QueueViews queues,
      DelayedMessages delayed,
      KeyIndex keys,
      InstantSource clock,
      Ticker ticker,
      HeapBudget heap) {
    this.coordinator = coordinator;
    this.visibleFigures = new VisibleValue<>(visible, EscrowFigures.NONE);
    this.queues = queues;
    this.delayed = delayed;
    this.keys = keys::add;
    this.clock = clock;
    this.ticker = ticker;
    this.memory = heap.kind(() -> figures.memory());
    coordinator.startAt(ticker.millis());
  }

  /** The bounds, so that the decision of each transaction fits a record with such a payload. */
  public static Bounds fitting(Bounds bounds, int payloadAtMost) {
    return bounds.withAtMostOfTransaction(DecisionRecord.partsIn(payloadAtMost));
  }

  /** Those in escrow, for who records them again. */
  public EscrowedMessages inEscrow() {
    return new HalvesInEscrow(coordinator);
  }

  /** The rules, and the state that they judge by. The log loop only. */
  public TransactionCoordinator coordinator() {
    return coordinator;
  }

  /** How much is in escrow, for whoever judges by it. Any thread; may lag. */
  public EscrowFigures figures() {
    return figures;
  }

  /** How much is in escrow, as far as that may be seen. Any thread; may lag. */
  EscrowFigures visibleFigures() {
    return visibleFigures.get();
  }

  private void counted(long recordedAt) {
    figures = coordinator.count();
    visibleFigures.set(figures, recordedAt);
  }

  /** What half-messages take a part of, together with all else that is kept. */
  HeapBudget.Kind memory() {
    return memory;
  }

  /** What a decision needs of half-messages that were recorded lately. The log loop only. */
  RecentHalves recent() {
    return recent;
  }

  // Facts

  public void applyHalf(LogRecord record, MessageView message) {
    HalfRecord half = HalfRecord.of(record);
    long position = record.position();
    if (half.what() == HalfRecord.What.MOVED) {
      coordinator.applyMoved(new StoredHalf(half.other(), position, record.recordLength()));
      return;
    }
    compareClocks();
    long recordedMillis = message.storeTimestamp();
    HalfTerms terms = termsOf(half);
    coordinator.apply(new Half(
        position,
        half.what() == HalfRecord.What.JOINS ? half.other() : position,
        half.what() == HalfRecord.What.FIRST ? terms.transaction() : null,
        terms.group(),
        record.recordLength(),
        recordedMillis,
        half.firstCheckMillis(recordedMillis)));
    recent.add(record, message, half.control());
    counted(position);
  }

  // Those of one producer tell the same of all their half-messages, mostly.
  private HalfTerms termsOf(HalfRecord half) {
    if (!half.control().equals(latestTerms.control())) {
      latestTerms = half.terms();
    }
    return latestTerms;
  }

  /** What a DECISION record makes visible. */
  public static List<Release> releasesOf(LogRecord record) {
    List<Release> releases = new ArrayList<>();
    for (DecisionRecord.Part part : DecisionRecord.of(record).parts()) {
      if (part.release() != null) {
        releases.add(part.release());
      }
    }
    return releases;
  }

  /** The keys that a DECISION record is found by: of what it releases, and of itself. */
  public static void keysOf(LogRecord record, KeySink into) {
    DecisionRecord decided = DecisionRecord.of(record);
    for (DecisionRecord.Part part : decided.parts()) {
      if (part.release() != null) {
        part.release().keysOf(record.position(), into);
      }
      addOwnKey(part, decided, record, into);
    }
  }

  private static void addOwnKey(
      DecisionRecord.Part part, DecisionRecord decided, LogRecord record, KeySink into) {
    into.add(
        DecisionArchive.key(part.id()), record.position(), decided.decision().timeMillis());
  }

  /**
   * Decisions that roll back the transactions of which a half-message is lost: they could never be
   * committed, and would keep their segments for ever. By their id.
   */
  public Map<Long, byte[]> rollBacksOfLost(CommitLog log, long nowMillis) {
    Map<Long, byte[]> decisions = new TreeMap<>();
    try (LogReader reader = log.newReaderOfTurn()) {
      for (StoredHalf half : coordinator.storedBefore(log.end(), Integer.MAX_VALUE)) {
        OpenTransaction open = coordinator.find(half.id());
        if (open != null && !isThere(reader, half.position())) {
          Decision decision =
              new Decision(open.id(), Verdict.ROLLBACK, Decider.OPERATOR, nowMillis);
          List<DecisionRecord.Part> parts = open.halves().stream()
              .map(lost -> DecisionRecord.Part.dropped(lost.id()))
              .toList();
          decisions.put(
              open.id(),
              new DecisionRecord(decision, "log repair", "a half-message is lost", parts)
                  .payload());
        }
      }
    }
    return decisions;
  }

  private static boolean isThere(LogReader reader, long position) {
    try {
      return reader.read(position) != null;
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CORRUPT) {
        throw e;
      }
      return false;
    }
  }

  public void applyDecision(LogRecord record) {
    DecisionRecord decided = DecisionRecord.of(record);
    coordinator.apply(decided.decision());
    for (DecisionRecord.Part part : decided.parts()) {
      if (part.release() != null) {
        queues.release(part.release(), record.position());
      } else if (part.dueMillis() > 0) {
        delayed.addCommitted(
            part.dueMillis(), part.position(), part.recordLength(), record.position());
      }
      addOwnKey(part, decided, record, keys);
    }
    counted(record.position());
  }

  public void applyCheck(LogRecord record) {
    compareClocks();
    CheckRecord check = CheckRecord.of(record);
    for (CheckRecord.Entry entry : check.entries()) {
      switch (check.what()) {
        case ASKED -> coordinator.applyAsked(entry.id(), entry.nextMillis());
        case SUSPENDED -> coordinator.applySuspended(entry.id());
        case RESUMED -> coordinator.applyResumed(entry.id(), entry.nextMillis());
      }
    }
    counted(record.position());
  }

  private void compareClocks() {
    coordinator.clockIsAhead(clock.millis() - ticker.millis());
  }

  /** After a restart, once all that was recorded is applied. */
  public void boundChecks() {
    compareClocks();
    coordinator.boundChecks(clock.millis());
  }

  // View

  @Override
  public String name() {
    return VIEW_NAME;
  }

  @Override
  public Image beginImage() {
    CoordinatorImage image = coordinator.beginImage();
    return new Image() {
      @Override
      public boolean take() {
        return image.take();
      }

      @Override
      public void writeTo(DataOutput out) throws IOException {
        image.writeTo(out);
      }
    };
  }

  @Override
  public void restore(DataInput in) throws IOException {
    compareClocks();
    coordinator.restore(in);
    counted(-1);
  }
}
