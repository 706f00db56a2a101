package io.escrowmq.broker;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.core.BrokerClock;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One life of a broker's durable side with all its duties, turned by the test: sends, decides, and lets
 * hours go by in which old segments go.
 */
final class TurnedBroker {

  static final String TOPIC = "orders";
  static final Duration RETENTION = Duration.ofHours(10);
  static final long HOUR_MILLIS = 3_600_000;

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  static final String GROUP = "service";
  private static final long STEP_MILLIS = 30_000;
  private static final long SEND_EVERY_MILLIS = 600_000;
  private static final int USUAL_BYTES = 30_000;

  final BrokerCore state;
  final LogLoop loop;
  final ClientRegistry clients;
  final BrokerClock time;
  private final ManualClock clock;
  private final StateKeeper keeper;
  private final TransactionFeature requests;
  private long lastId;

  TurnedBroker(SimulatedFileSystem files, ManualClock clock, int segmentBytes, long keepBytes) {
    this.clock = clock;
    this.time = new BrokerClock(clock, clock.ticker());
    Surroundings surroundings = clock.surroundings().withTime(time, time.ticker());
    StateFiles states = new StateFiles(files, Path.of("/data/state"));
    state = TestCores.open(
        settings(segmentBytes, keepBytes), files, states, surroundings, time::goOnFrom, 64 << 20);
    loop = state.store.loop();
    keeper = state.upkeep().states();
    requests = state.transactions;
    clients = state.host().clients();
    state.duties().forEach(loop::add);
  }

  /** Sends to queue 0; tells where the message lies. */
  long send(int bytes, long dueMillis) {
    new MessageIntake(loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS)
        .offer(TOPIC, topic(), 0, message(0, bytes), dueMillis, outcome());
    turn();
    return lastId;
  }

  /** Sends a half-message to queue 1; tells its id. */
  long sendHalf(int bytes, String control) {
    requests
        .intake()
        .offer(
            new FakeConnection(1),
            HalfTerms.of(Properties.with(control, "PGROUP", GROUP)),
            new Destination(state.topics.catalog(), TOPIC, topic()),
            1,
            message(1, bytes),
            Once.no(),
            outcome());
    turn();
    return lastId;
  }

  FakeCall commit(long halfId) {
    FakeCall committed = new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            GROUP, 0, halfId, SysFlags.TRANSACTION_COMMIT, false, "U", null, null));
    requests.requests().dispatch(committed);
    turn();
    return committed;
  }

  /** Somebody else sends to queue 2. */
  void sendOther() {
    new MessageIntake(loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS)
        .offer(TOPIC, topic(), 2, message(2, USUAL_BYTES), 0, outcome());
    turn();
  }

  /** As all the while others do. */
  void letHoursGoBy(int hours) {
    for (long passed = 0; passed < hours * HOUR_MILLIS; passed += STEP_MILLIS) {
      clock.advance(STEP_MILLIS);
      if (passed % SEND_EVERY_MILLIS == 0) {
        sendOther();
      }
      turn();
      state.store.log().sync();
      keeper.writer().turn();
    }
  }

  /** An orderly end. */
  void stop() {
    keeper.writeLast();
    state.close();
  }

  void turn() {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }

  /** How many messages are visible in a queue. */
  long visible(int queueId) {
    ConsumeQueue queue = state.store.queues().find(TOPIC, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }

  private MessageAppend.Outcome outcome() {
    return new MessageAppend.Outcome() {
      @Override
      public void stored(Receipt where) {
        lastId = where.ids()[0];
      }

      @Override
      public void refused(Refusal why) {
        throw new AssertionError(RefusalPage.words(why));
      }
    };
  }

  private EncodedMessages message(int queueId, int bytes) {
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    return EncodedMessages.of(TestMessages.encode(
        forge,
        TOPIC,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.allocate(bytes),
        forge.complete("")));
  }

  private static Topic topic() {
    return Topic.of(TOPIC, 3, Topic.READ | Topic.WRITE);
  }

  private static BrokerSettings settings(int segmentBytes, long keepBytes) {
    return new TestSettings()
        .segments(segmentBytes, 4096)
        .retention(RETENTION, keepBytes)
        .build();
  }
}
