package io.escrowmq.broker.admin;

import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.OldSegments;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.Statistics;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.state.StateFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** All requests of this package on a real log and a simulated disk. */
final class TestAdmin implements AutoCloseable {

  final TestLog broker = new TestLog();
  final Statistics statistics = broker.state.statistics();
  final Traffic traffic = statistics.traffic();
  final LostMessages lost = broker.state.logCore().lost();
  int topicsChanged;

  {
    broker.whenTopicsChange(() -> topicsChanged++);
  }

  final StateFiles states = new StateFiles(broker.files, Path.of("/data/state"));
  final FailingEscrow escrow = new FailingEscrow();
  final RetentionDuty retention = new RetentionDuty(
      broker.log,
      broker.queues,
      broker.keys,
      new StateKeeper(broker.log, states, broker.state.views(), broker.clock.ticker()),
      broker.ages,
      escrow);

  {
    broker.loop.add(retention);
  }

  final LiveSettings live = new LiveSettings(
      Map.of("brokerName", "broker-a", "listenPort", "10911"),
      broker.state.retention(),
      broker.time);
  final AdminFeature requests = new AdminFeature(
      broker.state.logCore(),
      broker.topics,
      broker.state.clients(),
      retention,
      live,
      statistics,
      new StoreRoom(broker.files, Path.of("/data")),
      new Backlog(() -> 3, broker.delayed::waiting));
  final RequestTable table =
      requests.requests().and(broker.state.feature(TopicFeature.class).requests());

  /** Has something to record again whenever it is asked, and may fail when it has. */
  static final class FailingEscrow implements OldSegments {

    boolean fails;
    int failures;

    @Override
    public long oldestPosition() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean renewBefore(long position, Recorder recorder) {
      if (fails) {
        failures++;
        recorder.record(
            RecordKind.TOPIC,
            0,
            TopicRecords.changed(recorder.nowMillis(), Topic.of("R", 1, Topic.READ)));
        throw new IllegalStateException("the renewal fails, as the test wants");
      }
      return true;
    }

    @Override
    public void makeWay(long position, Recorder recorder) {}
  }

  /** Hands the call to its handler and lets the log loop do what follows. */
  FakeCall ask(FakeCall call) {
    table.dispatch(call);
    broker.settle();
    return call;
  }

  FakeCall ask(RequestCode code, String... fields) {
    FakeCall call = new FakeCall(code);
    for (int i = 0; i < fields.length; i += 2) {
      call.with(fields[i], fields[i + 1]);
    }
    return ask(call);
  }

  static byte[] bytes(FakeCall call) {
    return call.replyBody().getBytes(StandardCharsets.UTF_8);
  }

  /** Lets time pass, ticking every second. */
  void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      broker.clock.advance(1000);
      statistics.onTick();
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
