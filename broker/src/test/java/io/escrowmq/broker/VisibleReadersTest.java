package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.TurnedEngine;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nobody sees what is not as safe as the settings promise: not synced with {@code sync}, not written with
 * {@code async}. All who read off the log's turn are asked before there is anything new, while it is there
 * and not safe, and when it is safe.
 */
class VisibleReadersTest {

  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final String KEY = "often";
  private static final String WAITS = "waits";
  private static final int MANY = 300; // more than any look-up by a key takes
  private static final long START_MILLIS = 1_700_000_000_000L;

  /** Their answer waits until it is safe: it is made, or asked for, in the log's turn. */
  private static final Set<RequestCode> ON_THE_TURN = EnumSet.of(
      RequestCode.SEND_MESSAGE,
      RequestCode.SEND_MESSAGE_V2,
      RequestCode.SEND_BATCH_MESSAGE,
      RequestCode.END_TRANSACTION,
      RequestCode.DECIDE_TRANSACTION,
      RequestCode.ORDER_TRANSACTION,
      RequestCode.RECHECK_TRANSACTION,
      RequestCode.RESUME_CHECK_HALF_MESSAGE,
      RequestCode.LIST_TRANSACTIONS,
      RequestCode.SHOW_TRANSACTION,
      RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
      RequestCode.CLONE_GROUP_OFFSET,
      RequestCode.UPDATE_AND_CREATE_TOPIC,
      RequestCode.UPDATE_AND_CREATE_TOPIC_LIST,
      RequestCode.DELETE_TOPIC_IN_BROKER,
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
      RequestCode.DELETE_SUBSCRIPTIONGROUP,
      RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN,
      RequestCode.CLEAN_EXPIRED_CONSUMEQUEUE,
      RequestCode.DELETE_EXPIRED_COMMITLOG);

  /** They say nothing of the log: who is connected, who has locked what, how the broker is set up. */
  private static final Set<RequestCode> NOT_OF_THE_LOG = EnumSet.of(
      RequestCode.HEART_BEAT,
      RequestCode.UNREGISTER_CLIENT,
      RequestCode.CHECK_CLIENT_CONFIG,
      RequestCode.GET_CONSUMER_LIST_BY_GROUP,
      RequestCode.LOCK_BATCH_MQ,
      RequestCode.UNLOCK_BATCH_MQ,
      RequestCode.GET_CONSUMER_CONNECTION_LIST,
      RequestCode.GET_PRODUCER_CONNECTION_LIST,
      RequestCode.GET_ALL_PRODUCER_INFO,
      RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER,
      RequestCode.GET_CONSUMER_RUNNING_INFO,
      RequestCode
          .CONSUME_MESSAGE_DIRECTLY, // reads as VIEW_MESSAGE_BY_ID does, once a client is found
      RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
      RequestCode.SEND_REPLY_MESSAGE,
      RequestCode.SEND_REPLY_MESSAGE_V2,
      RequestCode.GET_BROKER_CONFIG,
      RequestCode.UPDATE_BROKER_CONFIG,
      RequestCode.CLEAN_UNUSED_TOPIC,
      RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, // names that the settings bring
      RequestCode.GET_ALL_DELAY_OFFSET);

  /** Readers that new records change only in the long run, or never. */
  private static final Set<RequestCode> NOTHING_NEW =
      EnumSet.of(RequestCode.GET_MIN_OFFSET, RequestCode.VIEW_BROKER_STATS_DATA);

  /** What an answer says of the disk, of the questions that were asked, and of requests that wait. */
  private static final List<String> NOT_OF_RECORDS = List.of(
      "\"(remainHowManyDataToFlush|commitLogDi|consumeQueueDisk|msgGetTotalTodayNow|sendThreadPoolQueueSize)[^,}]*",
      "\"escrowmq_(pulls_beyond_end_|requests_[a-z_]*)total\"[^}]*");

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldShowNobodyWhatIsNotSafe(FlushMode flush) {
    // given
    List<Long> places = new World(flush).hide(() -> {});
    World world = new World(flush);
    Map<String, String> before = world.askAll(places);
    Map<String, String> meanwhile = new LinkedHashMap<>();

    // when
    world.hide(() -> meanwhile.putAll(world.askAll(places)));
    Map<String, String> after = world.askAll(places);

    // then
    meanwhile.replaceAll((question, said) -> said.equals(WAITS) ? before.get(question) : said);
    assertThat(differing(before, meanwhile))
        .as("answers that show what is not safe")
        .isEmpty();
    Set<RequestCode> blind = EnumSet.copyOf(world.readers(places).keySet());
    blind.removeAll(NOTHING_NEW);
    differing(before, after)
        .forEach(question ->
            blind.remove(RequestCode.valueOf(question.substring(0, question.indexOf(' ')))));
    assertThat(blind).as("readers that show nothing new even when it is safe").isEmpty();
  }

  @Test
  void shouldAskEveryReaderThatThereIs() {
    // given
    World world = new World(FlushMode.SYNC);

    // when
    Set<Integer> named = new TreeSet<>();
    List.of(ON_THE_TURN, NOT_OF_THE_LOG, world.readers(List.of()).keySet())
        .forEach(codes -> codes.forEach(
            code -> assertThat(named.add(code.number())).as("%s twice", code).isTrue()));

    // then
    assertThat(named).isEqualTo(world.requests.codes());
  }

  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    assertThat(other.keySet()).isEqualTo(one.keySet());
    return one.keySet().stream()
        .filter(question -> !one.get(question).equals(other.get(question)))
        .map(question -> question + ": " + one.get(question) + " | " + other.get(question))
        .toList();
  }

  /** A core with some messages that are safe, of each kind that there is. */
  private static final class World {

    private final ManualClock clock = new ManualClock(START_MILLIS);
    private final TurnedEngine engine;
    private final BrokerCore core;
    private final RequestTable requests;
    private final boolean isSynced;
    private final List<Long> halves = new ArrayList<>();
    private Runnable inTheTurn = () -> {};

    World(FlushMode flush) {
      isSynced = flush == FlushMode.SYNC;
      engine = new TurnedEngine(flush, clock.surroundings());
      SimulatedFileSystem files = new SimulatedFileSystem(7);
      core = TestCores.open(
          new TestSettings().segments(4 << 20, 64 * 1024).flush(flush).build(),
          files,
          new StateFiles(files, Path.of("/data/state")),
          clock.surroundings(),
          newest -> {},
          64 << 20,
          engine.maker());
      requests = core.requests();
      core.store.loop().add(core.delays.delayed());
      core.store.loop().add(new InTheTurn());
      for (String topic : List.of(TOPIC, "changing", "going")) {
        record(RecordKind.TOPIC, Topic.of(topic, 3, Topic.READ | Topic.WRITE));
      }
      send(0, "KEYS\u0001" + KEY + "\u0002UNIQ_KEY\u0001" + KEY);
      for (int i = 0; i < 3; i++) {
        halves.add(
            send(1, "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP + "\u0002UNIQ_KEY\u0001H" + i));
      }
      send(
          0, "TIMER_DELAY_MS\u0001" + 1000 + "\u0002UNIQ_KEY\u0001" + KEY + "\u0002KEYS\u0001late");
      ask(RequestCode.PULL_MESSAGE, Map.of("queueOffset", "0")); // makes the group
      for (String group : List.of("moving", "changing", "going")) {
        put(group, 16);
      }
      turn();
      engine.flush();
      ask(RequestCode.UPDATE_CONSUMER_OFFSET, Map.of("commitOffset", "1"));
      for (String group : List.of("moving", "going")) {
        ask(
            RequestCode.UPDATE_CONSUMER_OFFSET,
            Map.of("consumerGroup", group, "commitOffset", "1"));
      }
      clock.advance(1000); // the delayed one is due: the next turn brings it
    }

    private void record(RecordKind kind, Topic topic) {
      TestLog.rule(
          core.store.loop(),
          recorder -> recorder.record(kind, 0, TopicRecords.changed(recorder.nowMillis(), topic)));
    }

    /**
     * Records more of each kind; when it is there and not safe, the look is taken.
     *
     * @return where it lies, together with what it releases
     */
    List<Long> hide(Runnable look) {
      List<FakeCall> sends = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        sends.add(offer(0, "KEYS\u0001" + KEY + "\u0002UNIQ_KEY\u0001" + KEY));
      }
      sends.add(offer(2, "KEYS\u0001new\u0002UNIQ_KEY\u0001N"));
      sends.add(offer(1, "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP + "\u0002UNIQ_KEY\u0001N"));
      sends.add(offer(2, "TIMER_DELAY_MS\u000160000\u0002UNIQ_KEY\u0001D"));
      sends.add(offer(2, "TIMER_DELAY_MS\u000160000\u0002UNIQ_KEY\u0001E"));
      end(halves.get(0), SysFlags.TRANSACTION_COMMIT);
      end(halves.get(1), SysFlags.TRANSACTION_ROLLBACK);
      changeSettings();
      if (isSynced) {
        turn();
        look.run();
      } else {
        inTheTurn = look;
        turn();
      }
      engine.flush();
      List<Long> places = new ArrayList<>(halves);
      sends.forEach(call -> places.add(call.sentPosition()));
      return places;
    }

    /** Of topics, of groups and of offsets. */
    private void changeSettings() {
      for (String topic : List.of("changing", "coming")) {
        ask(
            RequestCode.UPDATE_AND_CREATE_TOPIC,
            Map.of("topic", topic, "readQueueNums", "7", "writeQueueNums", "7", "perm", "6"));
      }
      ask(RequestCode.DELETE_TOPIC_IN_BROKER, Map.of("topic", "going"));
      put("changing", 3);
      put("coming", 3);
      ask(
          RequestCode.DELETE_SUBSCRIPTIONGROUP,
          Map.of("groupName", "going", "cleanOffset", "true"));
      ask(
          RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
          Map.of("group", "moving", "timestamp", "0", "isForce", "true"));
    }

    private void put(String group, int mostRetries) {
      dispatch(new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
          .withBody("{\"groupName\":\"" + group + "\",\"retryMaxTimes\":" + mostRetries + "}"));
    }

    private FakeCall dispatch(FakeCall call) {
      requests.dispatch(call);
      return call;
    }

    private void turn() {
      TestLog.settle(core.store.loop());
    }

    private FakeCall offer(int queueId, String properties) {
      return ask(
          RequestCode.SEND_MESSAGE,
          Map.of("queueId", "" + queueId, "properties", properties, "sysFlag", flags(properties)));
    }

    private static String flags(String properties) {
      return properties.contains("TRAN_MSG") ? "" + SysFlags.TRANSACTION_PREPARED : "0";
    }

    private long send(int queueId, String properties) {
      FakeCall call = offer(queueId, properties);
      turn();
      engine.flush();
      return call.sentPosition();
    }

    private void end(long half, int how) {
      ask(
          RequestCode.END_TRANSACTION,
          Map.of("commitLogOffset", "" + half, "commitOrRollback", "" + how));
    }

    private FakeCall ask(RequestCode code, Map<String, String> fields) {
      FakeCall call = new FakeCall(code, new FakeConnection(1)).withBody("body");
      USUAL.forEach(call::with);
      fields.forEach(call::with);
      return dispatch(call);
    }

    /** What each answers, by the question. */
    Map<String, String> askAll(List<Long> places) {
      Map<String, String> answers = new LinkedHashMap<>();
      readers(places).forEach((code, questions) -> {
        for (Map<String, String> fields : questions) {
          FakeCall call = ask(code, fields);
          answers.put(code + " " + new TreeMap<>(fields), call.isAnswered() ? text(call) : WAITS);
        }
      });
      return answers;
    }

    private static String text(FakeCall call) {
      String body = call.replyBody();
      for (String pattern : NOT_OF_RECORDS) {
        body = body.replaceAll(pattern, "");
      }
      return call.replyCode() + " " + call.reply().remark() + " "
          + new TreeMap<>(call.replyFields()) + " " + body;
    }

    /** Each who reads off the log's turn, with questions that aim at what is hidden. */
    Map<RequestCode, List<Map<String, String>>> readers(List<Long> places) {
      Map<RequestCode, List<Map<String, String>>> readers = new LinkedHashMap<>();
      readers.put(RequestCode.PULL_MESSAGE, pulls());
      readers.put(RequestCode.LITE_PULL_MESSAGE, pulls());
      readers.put(RequestCode.GET_MAX_OFFSET, queues());
      readers.put(RequestCode.GET_MIN_OFFSET, queues());
      readers.put(RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, times());
      readers.put(RequestCode.GET_EARLIEST_MSG_STORETIME, queues());
      readers.put(RequestCode.VIEW_MESSAGE_BY_ID, places("offset", places));
      readers.put(RequestCode.CONSUMER_SEND_MSG_BACK, places("offset", places));
      readers.put(RequestCode.QUERY_MESSAGE, keys());
      readers.put(RequestCode.QUERY_CONSUME_QUEUE, queues());
      readers.put(RequestCode.GET_TOPIC_CONFIG, names("topic"));
      readers.put(RequestCode.GET_ALL_TOPIC_CONFIG, List.of(Map.of()));
      readers.put(RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, names("group"));
      readers.put(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, List.of(Map.of()));
      readers.put(RequestCode.GET_ALL_CONSUMER_OFFSET, List.of(Map.of()));
      readers.put(
          RequestCode.QUERY_CORRECTION_OFFSET,
          List.of(Map.of("compareGroup", "moving", "filterGroups", "nobody")));
      readers.put(
          RequestCode.QUERY_TOPICS_BY_CONSUMER,
          List.of(Map.of("group", "moving"), Map.of("group", "going")));
      readers.put(RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, List.of(Map.of()));
      readers.put(RequestCode.GET_CONSUME_STATS, names("consumerGroup"));
      readers.put(RequestCode.GET_BROKER_CONSUME_STATS, List.of(Map.of()));
      readers.put(RequestCode.QUERY_CONSUME_TIME_SPAN, List.of(Map.of()));
      readers.put(RequestCode.GET_TOPIC_STATS_INFO, names("topic"));
      readers.put(RequestCode.QUERY_CONSUMER_OFFSET, names("consumerGroup"));
      readers.put(RequestCode.UPDATE_CONSUMER_OFFSET, List.of(Map.of("commitOffset", "5")));
      readers.put(RequestCode.GET_BROKER_RUNTIME_INFO, List.of(Map.of()));
      readers.put(RequestCode.GET_METRICS, List.of(Map.of()));
      readers.put(RequestCode.VIEW_BROKER_STATS_DATA, List.of(Map.of()));
      return readers;
    }

    /** The topic, or the group, of messages, and all that change. */
    private static List<Map<String, String>> names(String field) {
      String usual = field.equals("topic") ? TOPIC : GROUP;
      List<String> all = field.equals("group") // to ask for one that is not there makes it
          ? List.of(usual, "moving", "changing")
          : List.of(usual, "moving", "changing", "coming", "going");
      return all.stream().map(name -> Map.of(field, name)).toList();
    }

    private static List<Map<String, String>> pulls() {
      List<Map<String, String>> pulls = new ArrayList<>();
      for (int queueId = 0; queueId < 3; queueId++) {
        for (int offset = 0; offset < 3; offset++) {
          pulls.add(Map.of("queueId", "" + queueId, "queueOffset", "" + offset));
        }
      }
      return pulls;
    }

    private static List<Map<String, String>> queues() {
      return List.of(Map.of("queueId", "0"), Map.of("queueId", "1"), Map.of("queueId", "2"));
    }

    private static List<Map<String, String>> times() {
      List<Map<String, String>> times = new ArrayList<>();
      for (String boundary : List.of("LOWER", "UPPER")) {
        for (Map<String, String> queue : queues()) {
          Map<String, String> question = new TreeMap<>(queue);
          question.put("boundaryType", boundary);
          question.put("timestamp", Long.toString(START_MILLIS + 1000));
          times.add(question);
        }
      }
      return times;
    }

    private static List<Map<String, String>> places(String field, List<Long> places) {
      return places.stream().map(place -> Map.of(field, "" + place)).toList();
    }

    private static List<Map<String, String>> keys() {
      List<Map<String, String>> keys = new ArrayList<>();
      for (String key : List.of(KEY, "new", "late", "H0", "H1", "H2", "N")) {
        keys.add(Map.of("key", key, "maxNum", "64"));
        keys.add(Map.of("key", key, "maxNum", "64", "indexType", "U"));
      }
      return keys;
    }

    /** Last of all duties: what was applied in this turn is not written yet. */
    private final class InTheTurn implements Duty {

      @Override
      public long nextMillis() {
        return 0;
      }

      @Override
      public void onTick(Recorder recorder) {
        Runnable look = inTheTurn;
        inTheTurn = () -> {};
        look.run();
      }
    }
  }

  private static final Map<String, String> USUAL = Map.ofEntries(
      Map.entry("topic", TOPIC),
      Map.entry("group", GROUP),
      Map.entry("consumerGroup", GROUP),
      Map.entry("producerGroup", GROUP),
      Map.entry("defaultTopic", "TBW102"),
      Map.entry("defaultTopicQueueNums", "4"),
      Map.entry("queueId", "0"),
      Map.entry("queueOffset", "0"),
      Map.entry("commitOffset", "0"),
      Map.entry("tranStateTableOffset", "0"),
      Map.entry("offset", "0"),
      Map.entry("index", "0"),
      Map.entry("count", "100"),
      Map.entry("maxMsgNums", "32"),
      Map.entry("sysFlag", "4"),
      Map.entry("suspendTimeoutMillis", "0"),
      Map.entry("subscription", "*"),
      Map.entry("subVersion", "1"),
      Map.entry("beginTimestamp", "0"),
      Map.entry("endTimestamp", "" + Long.MAX_VALUE),
      Map.entry("bornTimestamp", "0"),
      Map.entry("flag", "0"),
      Map.entry("delayLevel", "1"),
      Map.entry("msgId", "7F00000100002A9F0000000000000000"),
      Map.entry("statsName", "TOPIC_PUT_NUMS"),
      Map.entry("statsKey", TOPIC + "@" + GROUP));
}
