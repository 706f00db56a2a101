package io.escrowmq.broker.admin;

import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.metrics.Statistics;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.metrics.TrafficHistory;
import io.escrowmq.broker.metrics.TrafficHistory.Counts;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.KvTable;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the broker does, in the words that tools look for. Where the protocol's own broker has a queue
 * that we do not have (a thread pool for each kind of request), its length is 0. Any event loop.
 */
final class RuntimeHandler {

  /** The protocol's version that we speak, as {@code version} in every frame says it as a number. */
  private static final String VERSION = "V5_5_0";

  private final Statistics statistics;
  private final Traffic traffic;
  private final TrafficHistory history;
  private final EarliestMessage earliest;
  private final CommitLog log;
  private final LogLoop loop;
  private final StoreRoom room;
  private final Backlog backlog;
  private final UnreadableMessages unreadable;
  private final LostMessages lost;
  private final InstantSource clock;

  RuntimeHandler(
      LogCore core, TopicCatalog topics, Statistics statistics, StoreRoom room, Backlog backlog) {
    this.statistics = statistics;
    this.traffic = statistics.traffic();
    this.history = statistics.history();
    this.earliest = new EarliestMessage(topics, core.queues());
    this.log = core.log();
    this.loop = core.loop();
    this.room = room;
    this.backlog = backlog;
    this.unreadable = core.unreadable();
    this.lost = core.lost();
    this.clock = core.surroundings().clock();
  }

  /** GET_BROKER_RUNTIME_INFO. */
  void table(Call call, Fields none) {
    Map<String, String> table = new TreeMap<>();
    long now = clock.millis();
    putIdentity(table);
    putTraffic(table);
    putQueues(table);
    putLog(table, now);
    putDisk(table);
    putUnreadable(table);
    putLost(table);
    call.reply(Reply.ok(new KvTable(table).toBytes()));
  }

  private void putIdentity(Map<String, String> table) {
    table.put("brokerVersionDesc", VERSION);
    table.put("brokerActive", Boolean.toString(loop.stopped() == null));
    table.put("bootTimestamp", Long.toString(statistics.bootMillis()));
    table.put("startAcceptSendRequestTimeStamp", Long.toString(statistics.acceptMillis()));
    Duration up = Duration.ofMillis(statistics.upMillis());
    table.put(
        "runtime",
        String.format(
            Locale.ROOT,
            "[ %d days, %d hours, %d minutes, %d seconds ]",
            up.toDays(),
            up.toHoursPart(),
            up.toMinutesPart(),
            up.toSecondsPart()));
  }

  private void putTraffic(Map<String, String> table) {
    table.put("putTps", history.rates(Counts::stored));
    String delivered = history.rates(Counts::delivered);
    table.put("getTransferredTps", delivered);
    table.put("getTransferedTps", delivered); // mqadmin 4.9 fails without its own spelling
    table.put("getFoundTps", history.rates(Counts::found));
    table.put("getMissTps", history.rates(Counts::missed));
    table.put("getTotalTps", history.rates(counts -> counts.found() + counts.missed()));
    putDay(table, "YesterdayMorning", history.yesterdayMorning());
    putDay(table, "TodayMorning", history.thisMorning());
    putDay(table, "TodayNow", history.now());
    long sends = traffic.in().messages();
    long bytes = traffic.in().bytes();
    put(table, "putMessageTimesTotal", sends);
    put(table, "putMessageFailedTimes", traffic.sendsRefused());
    put(table, "putMessageSizeTotal", bytes);
    table.put(
        "putMessageAverageSize",
        String.format(Locale.ROOT, "%.1f", sends == 0 ? 0.0 : (double) bytes / sends));
  }

  private static void putDay(Map<String, String> table, String when, Counts counts) {
    put(table, "msgPutTotal" + when, counts.stored());
    put(table, "msgGetTotal" + when, counts.delivered());
  }

  private void putQueues(Map<String, String> table) {
    put(table, "sendThreadPoolQueueSize", loop.waiting());
    put(table, "waitingPulls", backlog.pulls().getAsInt());
    put(table, "timerCongestNum", backlog.delayed().getAsInt());
    for (String pool : new String[] {"pull", "ack", "query", "litePull"}) {
      put(table, pool + "ThreadPoolQueueSize", 0);
      put(table, pool + "ThreadPoolQueueHeadWaitTimeMills", 0);
    }
    put(table, "sendThreadPoolQueueHeadWaitTimeMills", 0);
    put(table, "EndTransactionQueueSize", 0);
    put(table, "pageCacheLockTimeMills", 0);
    put(table, "timerReadBehind", 0);
    put(table, "timerOffsetBehind", 0);
    table.put("timerEnqueueTps", "0.0");
    table.put("timerDequeueTps", "0.0");
  }

  private void putLog(Map<String, String> table, long nowMillis) {
    put(table, "commitLogMinOffset", log.start());
    put(table, "commitLogMaxOffset", log.visible());
    put(
        table,
        "dispatchBehindBytes",
        0); // views are never behind: they are applied with the record
    put(table, "dispatchMaxBuffer", 0);
    put(table, "remainTransientStoreBufferNumbs", 0);
    table.put("remainHowManyDataToFlush", Math.max(0, log.written() - log.durable()) + " B");
    put(table, "earliestMessageTimeStamp", earliest.storeMillis(nowMillis));
  }

  private void putDisk(Map<String, String> table) {
    long total;
    long free;
    try {
      total = room.files().totalBytes(room.directory());
      free = room.files().usableBytes(room.directory());
    } catch (StorageException e) {
      return; // tools show a broker without these numbers
    }
    String used = String.format(
        Locale.ROOT, "%.4f", total <= 0 ? 0.0 : Math.max(0, 1 - (double) free / total));
    table.put("commitLogDiskRatio", used);
    table.put("commitLogDiskRatio_" + room.directory().resolve("log"), used);
    table.put("consumeQueueDiskRatio", used);
    table.put("commitLogDirCapacity", "Total : " + gib(total) + ", Free : " + gib(free) + ".");
  }

  // The list that operators look at when the metric has grown: mqadmin brokerStatus prints it.
  private void putUnreadable(Map<String, String> table) {
    put(table, "unreadableMessages", unreadable.count());
    List<UnreadableMessages.Entry> latest = unreadable.latest();
    for (int i = 0; i < latest.size(); i++) {
      UnreadableMessages.Entry entry = latest.get(i);
      table.put(
          String.format(Locale.ROOT, "unreadableMessage_%02d", i),
          entry.where() + ", position " + entry.position() + ", since "
              + Instant.ofEpochMilli(entry.sinceMillis()) + ": " + entry.why());
    }
  }

  private void putLost(Map<String, String> table) {
    put(table, "lostMessages", lost.count());
    List<String> told = lost.told();
    for (int i = 0; i < told.size(); i++) {
      table.put(String.format(Locale.ROOT, "lostMessage_%02d", i), told.get(i));
    }
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  private static void put(Map<String, String> table, String key, long value) {
    table.put(key, Long.toString(value));
  }
}
