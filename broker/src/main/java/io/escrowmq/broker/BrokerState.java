package io.escrowmq.broker;

import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupCatalog;
import io.escrowmq.broker.core.Applier;
import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.NewestTime;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.send.RecentSends;
import io.escrowmq.broker.topic.SystemTopics;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.KeySettings;
import io.escrowmq.store.queue.Publication;
import io.escrowmq.store.queue.QueueSettings;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import io.escrowmq.tx.TransactionCoordinator;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log and every view of it, opened: restored from the newest state file that can be used, then
 * brought up to the log's end by the same appliers that run live. Owner: the log loop.
 */
final class BrokerState implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerState.class);

  /** Room on disk that messages leave to offsets, deletions and deliveries. */
  private static final int RESERVE_BYTES = 16 << 20;

  final CommitLog log;
  final ConsumeQueues queues;
  final KeyIndex keys;
  final HeapBudget heap;
  final NewestTime newestTime = new NewestTime();
  final QueueViews queueViews;
  final TopicCatalog topics;
  final GroupCatalog groups;
  final ConsumerOffsets offsets;
  final SegmentAges ages;
  final UnreadableMessages unreadable;
  final LostMessages lost = new LostMessages();
  final DelayedMessages delayed;
  final Transactions transactions;
  final RecentSends recentSends;
  final Appliers appliers;
  private long restored;

  private BrokerState(
      BrokerSettings settings,
      CommitLog log,
      FileSystem files,
      Path directory,
      Executor background,
      Surroundings surroundings,
      long heapBytes) {
    InstantSource clock = surroundings.clock();
    Ticker ticker = surroundings.ticker();
    Chance chance = surroundings.chance();
    this.log = log;
    heap = HeapBudget.of(heapBytes);
    queues =
        ConsumeQueues.open(files, directory.resolve("queues"), QueueSettings.forHeap(heapBytes));
    keys =
        KeyIndex.open(files, directory.resolve("keys"), KeySettings.forHeap(heapBytes), background);
    queueViews = new QueueViews(queues, keys, newestTime);
    topics = new TopicCatalog(
        SystemTopics.of(
            settings.cluster(),
            settings.name(),
            settings.autoCreateTopics(),
            settings.defaultQueues()),
        settings.topicLimits(),
        heap);
    groups = new GroupCatalog(heap);
    offsets = new ConsumerOffsets(heap);
    ages = new SegmentAges(log, settings.retentionSettings(), ticker);
    unreadable = new UnreadableMessages(clock);
    delayed = new DelayedMessages(log, queueViews, topics::holds, ages, unreadable, ticker);
    transactions = new Transactions(
        new TransactionCoordinator(
            settings.transactions().schedule(),
            Transactions.fitting(settings.transactions().bounds(), log.payloadAtMost()),
            chance.next()),
        queueViews,
        delayed,
        keys,
        clock,
        ticker,
        heap);
    recentSends = new RecentSends(
        queueViews,
        settings.deduplication().keysOfTopic(),
        settings.deduplication().bytes(),
        chance.secret());
    appliers = new Appliers(Map.ofEntries(
        Map.entry(RecordKind.MESSAGE, ofMessages(queueViews::applyMessage)),
        Map.entry(
            RecordKind.DELAYED, ofMessages((record, message) -> delayed.applyDelayed(record))),
        Map.entry(RecordKind.DELIVERY, delayed::applyDelivery),
        Map.entry(RecordKind.HALF, ofMessages(transactions::applyHalf)),
        Map.entry(RecordKind.DECISION, transactions::applyDecision),
        Map.entry(RecordKind.CHECK, transactions::applyCheck),
        Map.entry(RecordKind.CONSUMER_OFFSETS, offsets::apply),
        Map.entry(RecordKind.TOPIC, topics::applyChanged),
        Map.entry(RecordKind.TOPIC_DELETED, this::applyTopicDeleted),
        Map.entry(RecordKind.GROUP, groups::applyChanged),
        Map.entry(RecordKind.GROUP_DELETED, this::applyGroupDeleted)));
  }

  /**
   * Opens what lies below the directory, or begins anew when nothing does.
   *
   * @param wentOn lets the clock go on from the newest time that is found, before times are compared
   * @param heapBytes what the process may take; the sizes of the views follow from it
   */
  static BrokerState open(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Executor background,
      Surroundings surroundings,
      LongConsumer wentOn,
      long heapBytes) {
    while (true) {
      StateFile newest = states.newest();
      BrokerState state;
      try {
        state = opened(settings, files, states, newest, background, surroundings, heapBytes, null);
      } catch (StorageException e) {
        throw e.reason() == StorageException.Reason.CORRUPT ? advised(e, settings) : e;
      }
      if (state != null) {
        try {
          state.checkSegments(settings);
        } catch (IllegalArgumentException e) {
          state.close();
          throw e;
        }
        wentOn.accept(state.newestTime.millis());
        state.transactions.boundChecks();
        states.keepRoom();
        return state;
      }
      if (newest != null && !newest.isUnreadable()) {
        states.reject(newest);
      }
    }
  }

  /** The same by a clock that goes by itself. */
  static BrokerState open(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Executor background,
      Surroundings surroundings,
      long heapBytes) {
    return open(settings, files, states, background, surroundings, newest -> {}, heapBytes);
  }

  /**
   * The same for a store that was damaged: what can be applied is, and what is missing is told to the
   * salvage.
   */
  static BrokerState openWhatIsLeft(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Surroundings surroundings,
      long heapBytes,
      Salvage salvage) {
    while (true) {
      StateFile newest = states.newest();
      BrokerState state =
          opened(settings, files, states, newest, Runnable::run, surroundings, heapBytes, salvage);
      if (state != null) {
        return state;
      }
      if (newest != null && !newest.isUnreadable()) {
        states.reject(newest);
      }
    }
  }

  private static StorageException advised(StorageException damage, BrokerSettings settings) {
    return new StorageException(
        damage.reason(),
        damage.getMessage() + ". Nothing was changed. Bring the files back from a backup; or, to go"
            + " on with what is left, run: escrowmq store repair --set store.dir="
            + settings.storeDirectory() + " (with --dry-run it only says what it would do)",
        damage);
  }

  /** The state of the log's end; null when the state file cannot be used. */
  private static @Nullable BrokerState opened(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      @Nullable StateFile newest,
      Executor background,
      Surroundings surroundings,
      long heapBytes,
      @Nullable Salvage salvage) {
    try (newest) {
      CommitLog log = CommitLog.open(
          files,
          settings.storeDirectory().resolve("log"),
          logSettings(settings),
          newest == null ? 0 : newest.position(),
          surroundings.clock(),
          surroundings.chance()::secret);
      BrokerState state = new BrokerState(
          settings, log, files, settings.storeDirectory(), background, surroundings, heapBytes);
      boolean whole = false;
      try {
        whole = state.restore(states, newest, salvage);
      } finally {
        if (!whole) {
          state.close();
        }
      }
      return whole ? state : null;
    }
  }

  /**
   * Up to where a restart would not have to replay: the position of the state file, or the log's end
   * when nothing follows it.
   */
  long restored() {
    return restored;
  }

  /** All that is durable and in no queue yet. */
  List<EscrowedMessages> inEscrow() {
    return List.of(transactions.inEscrow(), delayed);
  }

  // What is in escrow is recorded again before its segment goes: it must fit a new one.
  private void checkSegments(BrokerSettings settings) {
    int missing = EscrowRenewal.missingBytes(log.payloadAtMost(), inEscrow());
    long steps = (missing + LogSettings.SEGMENT_STEP - 1L) / LogSettings.SEGMENT_STEP;
    if (missing > 0) {
      throw new IllegalArgumentException("store.segment-bytes " + settings.segmentBytes()
          + " is too small for a half-message or a delayed message that is in escrow and has to be"
          + " recorded again: set it to at least "
          + (settings.segmentBytes() + steps * LogSettings.SEGMENT_STEP)
          + " until that message has left escrow");
    }
  }

  /** What a state file holds, in this order. */
  List<View> views() {
    return List.of(
        queues,
        keys,
        topics,
        groups,
        offsets,
        delayed,
        transactions,
        recentSends,
        newestTime,
        ages);
  }

  @Override
  public void close() {
    keys.close();
    queues.close();
    log.close();
  }

  private static LogSettings logSettings(BrokerSettings settings) {
    int reserve = Math.min(RESERVE_BYTES, settings.segmentBytes() / 4);
    return new LogSettings(settings.segmentBytes(), reserve, settings.flush());
  }

  // False when the state file cannot be used; without one, what is missing is an error.
  private boolean restore(
      StateFiles states, @Nullable StateFile newest, @Nullable Salvage salvage) {
    if (newest == null) {
      StorageException missing = salvage == null ? states.missing(log.start()) : null;
      if (missing != null) {
        throw missing;
      }
      states.rejectUnreadable();
      queues.forgetBefore(log.start());
      keys.forgetBefore(log.start());
      replay(log.start(), salvage);
      return true;
    }
    if (newest.position() < log.start() && salvage != null) {
      return false;
    }
    if (newest.position() < log.start()) {
      throw new StorageException(
          StorageException.Reason.CORRUPT,
          "the state file is of position " + newest.position() + ", but the log begins at "
              + log.start() + " only: topics, offsets and transactions of what lies between are in"
              + " neither");
    }
    // so that they do not miss files that went with old segments
    queues.forgetBefore(log.start());
    keys.forgetBefore(log.start());
    try {
      newest.restore(views());
    } catch (StorageException e) {
      if (newest.isUnreadable()) {
        states.passOver(newest, e);
        return false;
      }
      if (e.reason() != StorageException.Reason.CORRUPT) {
        throw e; // the file may be as good as ever
      }
      LOG.warn(
          "the state file at {} cannot be used, an older one is tried: {}",
          newest.position(),
          e.getMessage());
      return false;
    }
    states.rejectUnreadable();
    replay(newest.position(), salvage);
    return true;
  }

  private void replay(long from, @Nullable Salvage salvage) {
    long[] replayed = {0};
    log.replay(from, record -> {
      if (salvage == null) {
        appliers.apply(record);
      } else {
        salvage.apply(record, this);
      }
      replayed[0]++;
    });
    restored = replayed[0] == 0 ? log.end() : from;
    queues.drainTouched(Publication::publish);
  }

  /** What holds a message is also remembered by its key; both look at it through one view. */
  private Applier ofMessages(BiConsumer<LogRecord, MessageView> applier) {
    MessageView message = new MessageView();
    return record -> {
      message.wrap(record.payload(), StoredMessages.messageAt(record));
      applier.accept(record, message);
      recentSends.apply(record, message);
      newestTime.saw(message.storeTimestamp());
    };
  }

  private void applyTopicDeleted(LogRecord record) {
    String name = topics.applyDeleted(record);
    queueViews.deleteTopic(name);
    recentSends.deleteTopic(name);
    offsets.forgetTopic(name);
  }

  private void applyGroupDeleted(LogRecord record) {
    groups.applyDeleted(record);
    offsets.applyGroupDeleted(record);
  }
}
