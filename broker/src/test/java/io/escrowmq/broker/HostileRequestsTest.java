package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever one client sends, the others are served: every kind of request, with numbers, names,
 * properties and batches at and beyond their bounds, on segments that hardly hold the largest.
 */
class HostileRequestsTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int BURSTS = 4;
  private static final int ROUNDS_A_BURST = 5;
  private static final int REQUESTS_A_ROUND = 30;
  private static final long LEAP_MILLIS = 1_000_000;

  private static final String TOPIC = "orders";
  private static final String GROUP = "service";

  private static final Pattern ADVICE =
      Pattern.compile("store.segment-bytes .* set it to at least (\\d+)");

  /** What a defect is counted as: none of these may move. */
  private static final List<String> DEFECTS = List.of(
      "escrowmq_failed_requests_total",
      "escrowmq_failed_answers_total",
      "escrowmq_failed_duties_total",
      "escrowmq_failed_features_total",
      "escrowmq_messages_unreadable_total",
      "escrowmq_network_failed_handlers_total");

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final AtomicLong leapMillis = new AtomicLong();
  private final RemotingClient hostile = TestNetwork.client();
  private final RemotingClient other = TestNetwork.client();
  private Broker broker = broker(1 << 20, (1 << 20) - (64 << 10));
  private int sent;

  @AfterEach
  void stop() {
    hostile.close();
    other.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 31})
  void shouldServeOthersWhateverOneClientSends(long seed) {
    // given
    RandomRequests requests = new RandomRequests(seed);
    broker.start();
    for (int burst = 0; burst < BURSTS; burst++) {
      String where = "seed " + seed + " burst " + burst;
      if (burst == BURSTS / 2) {
        broker.close();
        startWithSmallSegments();
      }

      // when
      for (int round = 0; round < ROUNDS_A_BURST; round++) {
        send(where + " round " + round, requests);
      }

      // then
      assertOthersAreServed(where);
      leapMillis.addAndGet(LEAP_MILLIS); // delays, checks, renewal and retention are due
      assertOthersAreServed(where + ", later");
    }
    assertThat(requests.known()).as("seed %s: most sends are taken", seed).isGreaterThan(20);
  }

  // What lies in the log may fit no segment any more; what is in escrow has to, and the refusal
  // says how large they must be.
  private void startWithSmallSegments() {
    broker = broker(256 << 10, 128 << 10);
    try {
      broker.start();
    } catch (IllegalArgumentException e) {
      Matcher advice = ADVICE.matcher(e.getMessage());
      assertThat(advice.find()).as(e.getMessage()).isTrue();
      broker = broker(Integer.parseInt(advice.group(1)), 128 << 10);
      broker.start();
    }
  }

  private void send(String where, RandomRequests requests) {
    List<Request> sending = new ArrayList<>();
    for (int i = 0; i < REQUESTS_A_ROUND; i++) {
      sending.add(requests.next());
    }
    List<CompletableFuture<Answer>> answers = sending.stream()
        .map(request -> hostile.call(address(), request, DEADLINE).toCompletableFuture())
        .toList();
    for (int i = 0; i < sending.size(); i++) {
      RequestCode code = sending.get(i).code();
      if (code == RequestCode.PULL_MESSAGE || code == RequestCode.LITE_PULL_MESSAGE) {
        continue; // may wait for messages
      }
      Answer answer = answers
          .get(i)
          .handle((it, failure) -> {
            assertThat(failure).as("%s request %s", where, code).isNull();
            return it;
          })
          .join();
      String id = answer.fields().text("msgId");
      if (answer.isOk() && id != null) {
        requests.stored(id);
      }
      assertThat(ResponseCode.of(answer.code()))
          .as("%s answer to %s", where, code)
          .isNotNull();
      assertThat(String.valueOf(answer.remark()))
          .as("%s answer to %s", where, code)
          .doesNotContain("Exception", "java.", "could not be served");
    }
    assertThat(broker.failure()).as(where).isNull();
  }

  private void assertOthersAreServed(String where) {
    Answer plain = ask(where, RequestCode.SEND_MESSAGE_V2, header(0, 0, ""), "plain " + ++sent);
    assertPulled(where, 0, Long.parseLong(field(plain, "queueOffset")), "plain " + sent);

    Answer half = ask(
        where,
        RequestCode.SEND_MESSAGE_V2,
        header(
            1,
            SysFlags.TRANSACTION_PREPARED,
            "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP + "\u0002"),
        "half " + ++sent);
    long end =
        Long.parseLong(field(ask(where, RequestCode.GET_MAX_OFFSET, queue(1), ""), "offset"));
    long position =
        Objects.requireNonNull(MessageId.parse(field(half, "msgId"))).position();
    EndTransactionHeader commit = new EndTransactionHeader(
        GROUP,
        Long.parseLong(field(half, "queueOffset")),
        position,
        SysFlags.TRANSACTION_COMMIT,
        false,
        field(half, "msgId"),
        null,
        null);
    ask(where, RequestCode.END_TRANSACTION, commit, "");
    assertPulled(where, 1, end, "half " + sent);

    WireHeader report = out -> out.put("consumerGroup", GROUP)
        .put("topic", TOPIC)
        .put("queueId", 1)
        .put("commitOffset", end);
    ask(where, RequestCode.UPDATE_CONSUMER_OFFSET, report, "");
    WireHeader query =
        out -> out.put("consumerGroup", GROUP).put("topic", TOPIC).put("queueId", 1);
    assertThat(field(ask(where, RequestCode.QUERY_CONSUMER_OFFSET, query, ""), "offset"))
        .as(where)
        .isEqualTo(Long.toString(end));

    Map<String, Long> metrics =
        MetricsTable.read(
                ask(where, RequestCode.GET_METRICS, WireHeader.NONE, "").body())
            .metrics()
            .stream()
            .collect(Collectors.toMap(MetricsTable.Metric::name, MetricsTable.Metric::value));
    assertThat(metrics).containsKeys(DEFECTS.toArray(new String[0]));
    DEFECTS.forEach(
        name -> assertThat(metrics.get(name)).as("%s: %s", where, name).isZero());
    assertThat(broker.failure()).as(where).isNull();
  }

  private void assertPulled(String where, int queueId, long offset, String body) {
    PullMessageHeader pull = new PullMessageHeader(
        GROUP, TOPIC, queueId, offset, 1, PullFlags.SUBSCRIPTION, 0, 0, "*", 0, "TAG", 1 << 20);
    Answer pulled = ask(where, RequestCode.PULL_MESSAGE, pull, "");
    assertThat(new String(pulled.body(), StandardCharsets.UTF_8)).as(where).contains(body);
  }

  private Answer ask(String where, RequestCode code, WireHeader header, String body) {
    CompletionStage<Answer> asked = other.call(
        address(),
        new Request(code, header, Body.of(body.getBytes(StandardCharsets.UTF_8))),
        DEADLINE);
    Answer answer = asked.toCompletableFuture().join();
    assertThat(answer.isOk())
        .as("%s: %s is answered %s", where, code, answer.remark())
        .isTrue();
    return answer;
  }

  private static String field(Answer answer, String name) {
    return Objects.requireNonNull(answer.fields().text(name), name);
  }

  private static WireHeader queue(int queueId) {
    return out -> out.put("topic", TOPIC).put("queueId", queueId);
  }

  private static SendMessageHeader header(int queueId, int sysFlag, String properties) {
    return new SendMessageHeader(
        GROUP, TOPIC, "TBW102", 4, queueId, sysFlag, 0, 0, properties, 0, false, -1, false);
  }

  private String address() {
    InetSocketAddress address = broker.address();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private Broker broker(int segmentBytes, int maxMessageBytes) {
    return new Broker(
        new TestSettings()
            .segments(segmentBytes, maxMessageBytes)
            .retention(Duration.ofHours(1), 16 << 20)
            .build(),
        new Machine<>(
            files,
            TestNetwork.REAL,
            TestMachine.at(
                () -> Instant.ofEpochMilli(System.currentTimeMillis() + leapMillis.get()),
                () -> System.nanoTime() / 1_000_000 + leapMillis.get())));
  }
}
