package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.send.Deduplication;
import io.escrowmq.broker.send.Destination;
import io.escrowmq.broker.send.EncodedMessages;
import io.escrowmq.broker.send.HalfTerms;
import io.escrowmq.broker.send.MessageAppend;
import io.escrowmq.broker.send.MessageForge;
import io.escrowmq.broker.send.MessageIntake;
import io.escrowmq.broker.send.Once;
import io.escrowmq.broker.send.Stored;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.tx.TransactionRequests;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * store.segment-bytes was lowered while messages in escrow are larger: they stay where they are, and
 * their segment with them, until they leave escrow.
 */
class LoweredSegmentsTest {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final int LARGE_BYTES = 300_000;
  private static final long DAY_MILLIS = 86_400_000;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private long halfId;

  /** A broker's durable side, turned by the test. */
  private final class Running {
    final StateFiles states = new StateFiles(files, Path.of("/data/state"));
    final BrokerState state;
    final LogLoop loop;
    final StateKeeper keeper;
    final TransactionRequests requests;

    Running(int segmentBytes) {
      state = BrokerState.open(
          settings(segmentBytes), files, states, Runnable::run, clock, clock.ticker(), 64 << 20);
      loop = new LogEngine(
              state.log, state.appliers, state.queues, false, queue -> {}, clock, clock.ticker())
          .loop();
      keeper = new StateKeeper(state.log, states, state.views(), 0, clock.ticker());
      requests = new TransactionRequests(new TransactionRequests.Parts(
          state.transactions,
          TransactionSettings.DEFAULT.exhausted(),
          state.log,
          loop,
          state.queueViews,
          state.keys,
          state.topics,
          state.ages,
          new ClientRegistry(),
          new MetricRegistry(),
          HOST,
          clock,
          clock.ticker()));
      new BrokerDuties(state, keeper, requests).addTo(loop);
    }

    void send(int bytes, long dueMillis) {
      new MessageIntake(loop, state.queueViews, state.topics, TestLog.ANY_DELAYS)
          .offer(TOPIC, topic(), 0, message(0, bytes), dueMillis, outcome());
      turn();
    }

    void sendHalf(int bytes) {
      requests
          .intake()
          .offer(
              new FakeConnection(1),
              HalfTerms.of(Properties.with("", "PGROUP", GROUP)),
              new Destination(state.topics, TOPIC, topic()),
              1,
              message(1, bytes),
              Once.no(),
              outcome());
      turn();
    }

    void letADayGoBy() {
      for (long passed = 0; passed < DAY_MILLIS; passed += 30_000) {
        clock.advance(30_000);
        if (passed % 600_000 == 0) {
          send(30_000, 0);
        }
        turn();
        state.log.sync();
        keeper.writer().turn();
      }
    }

    void turn() {
      while (loop.turn() > 0) {
        // each turn is bounded
      }
    }

    long visible(int queueId) {
      ConsumeQueue queue = state.queues.find(TOPIC, queueId);
      return queue == null ? 0 : queue.maxOffset();
    }
  }

  @Test
  void shouldKeepWhatFitsNoSegmentAnyMoreAndRenewTheRest() {
    // given
    Running before = new Running(1 << 20);
    before.sendHalf(LARGE_BYTES);
    halfId = lastId;
    before.send(LARGE_BYTES, clock.millis() + 2 * DAY_MILLIS + 3_600_000);
    before.send(100, clock.millis() + 2 * DAY_MILLIS + 3_600_000);
    before.state.close();

    // when
    Running after = new Running(128 * 1024);
    after.letADayGoBy();
    after.letADayGoBy();

    // then
    assertThat(after.loop.stopped()).isNull();
    assertThat(after.state.log.start()).isZero();
    assertThat(after.state.delayed.before(1 << 20, 10))
        .as("the small one lies elsewhere by now")
        .hasSize(1);
    long visibleBefore = after.visible(0);
    clock.advance(2 * 3_600_000);
    after.turn();
    FakeCall committed = new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            GROUP, 0, halfId, SysFlags.TRANSACTION_COMMIT, false, "U", null, null));
    after.requests.table().dispatch(committed);
    after.turn();
    assertThat(after.visible(0)).isEqualTo(visibleBefore + 2);
    assertThat(committed.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(after.visible(1)).isOne();
    after.letADayGoBy();
    assertThat(after.state.log.start()).as("nothing holds it any more").isPositive();
    assertThat(after.loop.stopped()).isNull();
  }

  private long lastId;

  private MessageAppend.Outcome outcome() {
    return new MessageAppend.Outcome() {
      @Override
      public void stored(Stored where) {
        lastId = where.ids()[0];
      }

      @Override
      public void refused(Reply why) {
        throw new AssertionError(why.remark());
      }
    };
  }

  private EncodedMessages message(int queueId, int bytes) {
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    return EncodedMessages.of(forge.encode(
        TOPIC,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.allocate(bytes),
        forge.complete(Properties.with("", "PGROUP", GROUP))));
  }

  private static Topic topic() {
    return Topic.of(TOPIC, 2, Topic.READ | Topic.WRITE);
  }

  private static BrokerSettings settings(int segmentBytes) {
    return new BrokerSettings(
        "b",
        "C",
        HOST,
        null,
        List.of(),
        Path.of("/data"),
        FlushMode.ASYNC,
        segmentBytes,
        Duration.ofHours(10),
        0,
        true,
        true,
        4,
        4096,
        OffsetBeyondEnd.RECORDED,
        Deduplication.DEFAULT,
        TransactionSettings.DEFAULT);
  }
}
