package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.body.KvTable;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a broker has counted, and what operators have changed, when its core was opened again. */
class OutlivingCoresTest {

  private static final long NOON = 1_700_000_000_000L;
  private static final long HOUR_MILLIS = 3_600_000;

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ManualClock clock = new ManualClock(NOON);

  @AutoClose
  private final BrokerCalls calls = new BrokerCalls();

  @Test
  void shouldCountOnWhateverACoreCounts() {
    // given
    CorePlan plan = TestCores.plan(
        new TestSettings().build(),
        files,
        new StateFiles(files, Path.of("/data/state")),
        clock.surroundings());
    try (BrokerCore first = open(plan)) {
      letEverythingFailOnce(first, 1);
    }
    Map<String, Long> before = counters(plan);
    assertThat(before)
        .containsEntry("escrowmq_failed_requests_total", 1L)
        .containsEntry("escrowmq_failed_answers_total", 1L)
        .containsEntry("escrowmq_failed_duties_total", 1L)
        .containsEntry("escrowmq_failed_features_total", 1L)
        .containsEntry("escrowmq_messages_unreadable_total", 1L);

    // when
    try (BrokerCore second = open(plan)) {

      // then
      assertThat(counters(plan)).isEqualTo(before);
      letEverythingFailOnce(second, 1); // the message is the same
      second.store.unreadable().note("another one", 2, "as the test wants");
      assertThat(counters(plan))
          .containsEntry("escrowmq_failed_requests_total", 2L)
          .containsEntry("escrowmq_failed_answers_total", 2L)
          .containsEntry("escrowmq_failed_duties_total", 2L)
          .containsEntry("escrowmq_failed_features_total", 2L)
          .containsEntry("escrowmq_messages_unreadable_total", 2L);
      assertThat(second.store.unreadable().latest()).hasSize(2);
    }
  }

  private static BrokerCore open(CorePlan plan) {
    return new CoreRecovery(plan).open(newest -> {});
  }

  private static void letEverythingFailOnce(BrokerCore core, long position) {
    LogLoop loop = core.store.loop();
    loop.submit(new InnerProposal(recorder -> fail("a ruling"), () -> {}));
    loop.submit(new InnerProposal(recorder -> {}, () -> fail("an answer")));
    loop.add(new Duty() {
      @Override
      public long nextMillis() {
        return 0;
      }

      @Override
      public void onTick(Recorder recorder) {
        fail("a duty");
      }
    });
    core.store.features().add(new Feature() {
      @Override
      public void onTick() {
        fail("a feature");
      }
    });
    while (loop.turn() > 0) {
      // each turn is bounded
    }
    core.store.features().onTick();
    core.store.unreadable().note("the message", position, "as the test wants");
  }

  private static void fail(String what) {
    throw new IllegalStateException(what + " fails, as the test wants");
  }

  private static Map<String, Long> counters(CorePlan plan) {
    Map<String, Long> counters = new TreeMap<>();
    for (MetricsTable.Metric metric : plan.host().metrics().read().metrics()) {
      if (metric.kind() == MetricsTable.Kind.COUNTER) {
        counters.put(metric.name(), metric.value());
      }
    }
    return counters;
  }

  @Test
  void shouldKeepWhatOperatorsHaveChanged() {
    // given
    try (Broker broker = broker(clock)) {
      broker.start();
      ask(
          broker,
          RequestCode.UPDATE_BROKER_CONFIG,
          "fileReservedTime=5\nstore.retention-bytes=77\n");
      String before = ask(broker, RequestCode.GET_BROKER_CONFIG, "");
      assertThat(before).contains("store.retention-hours=5", "store.retention-bytes=77");

      // when
      broker.reopen();

      // then
      assertThat(ask(broker, RequestCode.GET_BROKER_CONFIG, "")).isEqualTo(before);
    }
  }

  @Test
  void shouldSayByTheClockOfRecordsWhenItBegan() {
    // given: the machine's clock is behind what was recorded
    try (Broker first = broker(clock)) {
      first.start();
      send(first);
    }
    ManualClock behind = new ManualClock(NOON - HOUR_MILLIS);
    try (Broker broker = broker(behind)) {
      broker.start();

      // when
      Map<String, String> before = runtime(broker);
      behind.advance(HOUR_MILLIS);
      broker.reopen();

      // then
      assertThat(Long.parseLong(before.get("bootTimestamp"))).isGreaterThanOrEqualTo(NOON);
      assertThat(Long.parseLong(before.get("startAcceptSendRequestTimeStamp")))
          .isGreaterThanOrEqualTo(Long.parseLong(before.get("bootTimestamp")));
      assertThat(runtime(broker))
          .containsEntry("bootTimestamp", before.get("bootTimestamp"))
          .containsEntry(
              "startAcceptSendRequestTimeStamp", before.get("startAcceptSendRequestTimeStamp"));
    }
  }

  private Broker broker(ManualClock of) {
    return new Broker(
        new TestSettings().build(), new Machine<>(files, TestNetwork.REAL, of.surroundings()));
  }

  private Map<String, String> runtime(Broker broker) {
    return KvTable.read(ask(broker, RequestCode.GET_BROKER_RUNTIME_INFO, "").getBytes(UTF_8))
        .table();
  }

  private void send(Broker broker) {
    Map<String, String> fields = Map.of(
        "producerGroup", "pg",
        "topic", "orders",
        "defaultTopic", "TBW102",
        "defaultTopicQueueNums", "1",
        "queueId", "0",
        "sysFlag", "0",
        "bornTimestamp", "0",
        "flag", "0");
    BrokerCalls.expectOk(calls
        .call(
            broker,
            new Request(RequestCode.SEND_MESSAGE, out -> fields.forEach(out::put), Body.EMPTY))
        .join());
  }

  private String ask(Broker broker, RequestCode code, String body) {
    return BrokerCalls.text(calls
        .call(broker, new Request(code, out -> {}, Body.of(body.getBytes(UTF_8))))
        .join());
  }
}
