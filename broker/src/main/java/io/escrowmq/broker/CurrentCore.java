package io.escrowmq.broker;

import io.escrowmq.broker.core.FailureLog;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.edge.OpenRequests;
import io.escrowmq.broker.route.TopicsOfCatalog;
import io.escrowmq.broker.route.TopicsToRegister;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Requests;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.RecoveryReport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The core that a broker has now. It may be closed and opened again while clients stay connected; while
 * none is open, requests are refused, and clients try again. Requests come from any thread; whoever
 * started the broker opens and closes, one at a time.
 */
final class CurrentCore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CurrentCore.class);

  private final CorePlan plan;
  private final LongConsumer wentOn;
  private final Runnable whenOpen;
  private final Consumer<String> whenFailed;
  private final OpenRequests requests = new OpenRequests();
  private volatile @Nullable String failure; // of the last try to open again
  private volatile @Nullable BrokerCore core; // the one that was opened last
  private volatile @Nullable TopicsToRegister topics; // of the last one, also when it is closed
  private volatile @Nullable Opening opening; // what waits until it is open
  private final FailureLog failures;
  private boolean isUntold; // guarded by this: it is open, and whenOpen has not heard of it

  /** A core that takes no requests before all that was found in its log is committed. */
  private record Opening(RequestTable table, LogLoop loop, long end) {}

  /**
   * @param wentOn is told the newest time that the log knows
   * @param whenOpen is told each time that requests are taken, on any thread
   * @param whenFailed is told why the log could not be opened again
   */
  CurrentCore(CorePlan plan, LongConsumer wentOn, Runnable whenOpen, Consumer<String> whenFailed) {
    this.plan = plan;
    this.wentOn = wentOn;
    this.whenOpen = whenOpen;
    this.whenFailed = whenFailed;
    this.failures = new FailureLog("it is tried again", plan.surroundings().ticker());
  }

  /** Opens a core. What it has opened when it fails is closed with {@link #close}. */
  void recover() {
    BrokerCore opened = new CoreRecovery(plan).open(wentOn);
    RecoveryReport recovery = opened.store.log().recovery();
    LOG.info(
        "the log in {} goes on at {}, verified from {} on: {}",
        plan.settings().storeDirectory().toAbsolutePath(),
        recovery.end(),
        recovery.verifiedFrom(),
        recovery.reason());
    adopt(opened, 0);
  }

  /**
   * Takes over a core that is led from now on, in an epoch that others have agreed on.
   *
   * @throws IllegalArgumentException when the settings do not fit what is in the log
   */
  void lead(BrokerCore followed, int epoch) {
    adopt(followed, epoch);
    new CoreRecovery(plan).beforeStart(followed, wentOn);
    CommitLog log = followed.store.log();
    log.lead(epoch);
    if (log.room().inReserve(CommitLog.MARK_BYTES)) {
      log.mark(); // nothing is shown before others have it: they have all before it then, too
      log.write();
    }
    if (syncs()) {
      log.sync();
    }
  }

  private void adopt(BrokerCore opened, int epoch) {
    core = opened;
    topics = new TopicsOfCatalog(opened.topics.catalog(), epoch);
  }

  /** Lets the core that was opened take requests: once enough replicas have what was found in its log. */
  void start() {
    BrokerCore opened = core;
    if (opened == null) {
      throw new IllegalStateException("no log is open");
    }
    plan.host().statistics().open();
    CommitLog log = opened.store.log();
    Opening waits = new Opening(opened.requests(), opened.store.loop(), log.end());
    opened.start();
    synchronized (this) {
      opening = waits;
    }
    openIfCommitted(log);
  }

  // What a failover can take back is shown to nobody: neither what is new, nor what an earlier
  // start left. If whoever is to hear that it is open fails, the next call tells it again.
  private synchronized void openIfCommitted(CommitLog log) {
    Opening waits = opening;
    if (waits != null && log.visible() >= waits.end()) {
      requests.open(waits.table(), waits.loop());
      opening = null;
      isUntold = true;
    }
    if (isUntold) {
      whenOpen.run();
      isUntold = false;
    }
  }

  /**
   * Enough replicas have more of the log than before. Any thread, but not the one that opens. Each step stands
   * alone: the caller has followers to answer.
   */
  void committed() {
    BrokerCore now = core;
    if (now != null) {
      guarded("the opening", () -> openIfCommitted(now.store.log()));
      guarded("what waited for followers", now.store.engine()::committed);
    }
  }

  private void guarded(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      failures.add(what, e);
    }
  }

  /** Whether requests are taken. */
  boolean isOpen() {
    return opening == null;
  }

  /**
   * Closes the core and opens another one on the same store. Pulls that wait are answered; requests that
   * come meanwhile are refused. When it fails, the broker has failed, and whoever supervises it is told.
   */
  void reopen() {
    try {
      letGo();
      recover();
      start();
    } catch (RuntimeException e) {
      String why = "the log could not be opened again: " + e.getMessage();
      failure = why;
      whenFailed.accept(why);
      throw e;
    }
    failure = null;
    plan.host().routes().topicsChanged();
  }

  /** From now on requests are refused, until another core is started. */
  synchronized void refuseAll() {
    opening = null;
    requests.close();
  }

  /** Closes the core. */
  void letGo() {
    refuseAll();
    BrokerCore old = core;
    core = null;
    if (old != null) {
      old.close();
    }
  }

  /** What name servers are to know of the core that was opened last. */
  TopicsToRegister topics() {
    TopicsToRegister known = topics;
    if (known == null) {
      throw new IllegalStateException("no log was opened yet");
    }
    return known;
  }

  /** A core that is not led, of the same store. Nothing is open yet. */
  FollowedCore copy() {
    return new FollowedCore(plan);
  }

  /** Whether what is acknowledged is synced before. */
  boolean syncs() {
    return plan.settings().flush() == FlushMode.SYNC;
  }

  Surroundings surroundings() {
    return plan.surroundings();
  }

  BrokerHost host() {
    return plan.host();
  }

  /** The log that is written to; null while none is open. */
  @Nullable
  CommitLog log() {
    BrokerCore now = core;
    return now == null ? null : now.store.log();
  }

  /** Why the log takes nothing any more; null while all is well. */
  @Nullable
  String failure() {
    String why = failure; // also when a core was opened that could not be started
    BrokerCore now = core;
    return why != null || now == null ? why : now.failure();
  }

  /** Those that clients send to it. */
  Requests requests() {
    return requests;
  }

  /** Finishes what waits; what is in the log can still be read. */
  void stop() {
    BrokerCore now = core;
    if (now != null) {
      now.stop();
    }
  }

  @Override
  public void close() {
    BrokerCore now = core;
    if (now != null) {
      now.close();
    }
  }
}
