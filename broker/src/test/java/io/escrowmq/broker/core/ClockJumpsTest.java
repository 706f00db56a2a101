package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.pull.PullHandler;
import io.escrowmq.broker.pull.PullSettings;
import io.escrowmq.broker.pull.TestPulls;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.send.ResendRule;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.send.Sends;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.tx.OpenTransaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The parts of a broker that wait for a time, while the machine's clock is set back and forth by hours:
 * everything happens when it should by the time that really passed.
 */
class ClockJumpsTest {

  private static final long HOUR = 3_600_000;
  private static final long[] JUMPS = {-100 * HOUR, -HOUR, -HOUR, 2 * HOUR, 2 * HOUR, 100 * HOUR};
  private static final int STEPS = 4000;
  private static final int LONGEST_STEP_MILLIS = 250;
  private static final long LATE_MILLIS = LONGEST_STEP_MILLIS + 250; // a step, and a sweep
  private static final QueueLocks.Queue LOCKED = new QueueLocks.Queue("orders", 0);

  /** A pull that may wait until then. */
  private record WaitingPull(FakeCall call, long deadline) {}

  /** A half-message that nobody decides, and when its producer should be asked next. */
  private static final class OpenHalf {
    private final long id;
    private long dueTick;
    private int checks;

    OpenHalf(long id, long dueTick) {
      this.id = id;
      this.dueTick = dueTick;
    }
  }

  private final TestLog broker = new TestLog();
  private final ManualClock machine = broker.clock;
  private final Ticker ticker = broker.time.ticker();
  private final ClientRegistry clients = broker.state.clients();
  private final QueueLocks locks = new QueueLocks();
  private final BackgroundSync sync = new BackgroundSync(broker.log, ticker, broker.loop::wake);
  private final PullHandler pulls = TestPulls.over(broker, clients, PullSettings.DEFAULT);
  private final TransactionFeature transactions = broker.state.transactionFeature();

  {
    transactions.duties().forEach(broker.loop::add);
  }

  private final SendHandler sends = new SendHandler(
      new Sends(
          new SendSettings(TestLog.STORE_HOST, 64 * 1024, Deduplication.DEFAULT),
          broker.topics,
          (group, times, most) -> ResendRule.Way.RETRY,
          broker.forge,
          new Sends.Doors(broker.intake, transactions.intake()),
          broker.recentSends,
          new Traffic(),
          TestMachine.at(broker.time, ticker)),
      TestLog.STORE_HOST);

  private final FakeConnection producer = new FakeConnection(1);
  private final FakeConnection consumer = new FakeConnection(2);
  private final List<WaitingPull> waiting = new ArrayList<>();
  private final List<OpenHalf> undecided = new ArrayList<>();
  private final List<Long> delays = new ArrayList<>(); // until when each must have been delivered
  private long sent;
  private long sweptTick;
  private long beatTick;
  private long lockedTick; // when the first client last renewed its lock
  private long unsyncedSinceTick = -1;
  private long syncedUpTo;
  private String at = ""; // in failures

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldDoEverythingInItsTimeWhileTheClockJumps(long seed) {
    // given
    Random random = new Random(seed);
    broker.createTopic("orders", 1);
    broker.createTopic("later", 1);
    broker.createTopic("empty", 1);

    for (int step = 0; step < STEPS; step++) {
      at = "seed " + seed + ", step " + step;

      // when
      machine.advance(1 + random.nextInt(LONGEST_STEP_MILLIS));
      if (random.nextInt(200) == 0) {
        machine.jump(JUMPS[random.nextInt(JUMPS.length)]);
      }
      beat();
      work(random);
      turn();

      // then
      assertPullsEndInTime();
      assertChecksGoOn();
      assertIsSyncedSoon();
      assertOneHoldsTheLock();
      assertLivingMembersStay();
      assertDelaysEnd();
    }
    assertNothingIsLost();
    broker.close();
  }

  private void turn() {
    broker.settle();
    sync.turn();
    if (ticker.millis() - sweptTick >= 250) {
      sweptTick = ticker.millis();
      pulls.pulls().onTick();
    }
    clients.dropSilent(ticker.millis());
    locks.dropExpired(ticker.millis());
    broker.settle();
  }

  private void beat() {
    if (ticker.millis() - beatTick >= 30_000) {
      beatTick = ticker.millis();
      clients.registerProducer("g", TestMembers.of("p", producer, ticker.millis()));
    }
  }

  private void work(Random random) {
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        send("orders", SysFlags.TRANSACTION_NONE, "");
        sent++;
      }
      case 2 -> {
        if (delays.size() < 40) {
          send("later", SysFlags.TRANSACTION_NONE, "DELAY\u00013"); // ten seconds
          delays.add(ticker.millis() + 2 * 10_000 + LATE_MILLIS); // at half speed
        }
      }
      case 3 -> {
        if (undecided.size() < 40) {
          FakeCall half = send(
              "orders", SysFlags.TRANSACTION_PREPARED, "TRAN_MSG\u0001true\u0002PGROUP\u0001g");
          undecided.add(new OpenHalf(half.sentPosition(), ticker.millis() + 6_000));
        }
      }
      case 4 -> {
        long mayWait = random.nextInt(20_000);
        waiting.add(new WaitingPull(pull(mayWait), ticker.millis() + mayWait));
      }
      default -> {
        // nothing comes
      }
    }
    if (random.nextInt(400) == 0 && locks.lock("g", LOCKED, "A", ticker.millis())) {
      lockedTick = ticker.millis();
    }
  }

  private FakeCall send(String topic, int sysFlag, String properties) {
    SendMessageHeader header = new SendMessageHeader(
        "g", topic, "TBW102", 4, 0, sysFlag, machine.millis(), 0, properties, 0, false, -1, false);
    FakeCall call =
        new FakeCall(RequestCode.SEND_MESSAGE_V2, producer).with(header).withBody("body");
    sends.accept(call, header, Rights.ALL);
    broker.settle();
    assertThat(call.replyCode()).as(at).isEqualTo(ResponseCode.SUCCESS);
    return call;
  }

  private FakeCall pull(long mayWaitMillis) {
    PullMessageHeader header = new PullMessageHeader(
        "c",
        "empty",
        0,
        0,
        32,
        PullFlags.SUSPEND | PullFlags.SUBSCRIPTION,
        0,
        mayWaitMillis,
        "*",
        0,
        "TAG",
        256 * 1024);
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE, consumer).with(header);
    pulls.accept(call, header);
    return call;
  }

  private void assertPullsEndInTime() {
    for (Iterator<WaitingPull> all = waiting.iterator(); all.hasNext(); ) {
      WaitingPull next = all.next();
      if (next.call().isAnswered()) {
        assertThat(ticker.millis()).as(at).isGreaterThanOrEqualTo(next.deadline());
        all.remove();
      } else {
        assertThat(ticker.millis()).as(at).isLessThan(next.deadline() + LATE_MILLIS);
      }
    }
  }

  // Each is asked after 6 s, then after 10 s, 20 s, 40 s and so on.
  private void assertChecksGoOn() {
    for (OpenHalf one : undecided) {
      OpenTransaction open =
          Objects.requireNonNull(broker.transactions.coordinator().find(one.id), at);
      if (open.checks() > one.checks) {
        assertThat(ticker.millis()).as(at).isGreaterThanOrEqualTo(one.dueTick - 1);
        one.checks = open.checks();
        one.dueTick = ticker.millis() + Math.min(10_000L << (one.checks - 1), 600_000);
      } else {
        assertThat(ticker.millis())
            .as("%s, %s checks of %s", at, one.checks, one.id)
            .isLessThan(one.dueTick + 2 * LATE_MILLIS);
      }
    }
  }

  private void assertIsSyncedSoon() {
    if (broker.log.durable() == broker.log.written()) {
      unsyncedSinceTick = -1;
    } else if (unsyncedSinceTick < 0 || broker.log.durable() > syncedUpTo) {
      unsyncedSinceTick = ticker.millis();
    }
    syncedUpTo = broker.log.durable();
    if (unsyncedSinceTick >= 0) {
      assertThat(ticker.millis() - unsyncedSinceTick).as(at).isLessThan(500 + LATE_MILLIS);
    }
  }

  // The first one trusts its lock for thirty seconds, the broker keeps it for sixty.
  private void assertOneHoldsTheLock() {
    long held = ticker.millis() - lockedTick;
    boolean isFree = locks.lock("g", LOCKED, "B", ticker.millis());
    if (lockedTick > 0) {
      assertThat(isFree).as("%s, held for %s ms", at, held).isEqualTo(held > 60_000);
    }
    locks.unlock("g", LOCKED, "B");
  }

  private void assertLivingMembersStay() {
    assertThat(clients.producer("g", producer)).as(at).isNotNull();
  }

  private void assertDelaysEnd() {
    ConsumeQueue later = broker.queues.find("later", 0);
    long delivered = later == null ? 0 : later.maxOffset();
    for (int i = (int) delivered; i < delays.size(); i++) {
      assertThat(ticker.millis()).as("%s, delay %s", at, i).isLessThan(delays.get(i));
    }
  }

  private void assertNothingIsLost() {
    assertThat(broker.log.start()).as(at).isZero();
    ConsumeQueue orders = broker.queues.obtain("orders", 0);
    assertThat(orders.minOffset()).as(at).isZero();
    assertThat(orders.maxOffset()).as(at).isEqualTo(sent);
    QueueEntries entries = new QueueEntries(1);
    long last = 0;
    for (long offset = 0; offset < sent; offset++) {
      orders.read(offset, entries);
      assertThat(entries.storeTimeMillis(0)).as(at).isGreaterThanOrEqualTo(last);
      last = entries.storeTimeMillis(0);
    }
  }
}
