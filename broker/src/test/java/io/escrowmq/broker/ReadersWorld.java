package io.escrowmq.broker;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A core with some messages that are safe, of each kind that there is. */
final class ReadersWorld {

  private static final String TOPIC = "orders";
  private static final String GROUP = "service";
  private static final String KEY = "often";
  static final String WAITS = "waits";
  private static final int MANY = 300; // more than any look-up by a key takes
  private static final long START_MILLIS = 1_700_000_000_000L;

  /** What an answer says of the disk, of the questions that were asked, and of requests that wait. */
  private static final List<String> NOT_OF_RECORDS = List.of(
      "\"(remainHowManyDataToFlush|commitLogDi|consumeQueueDisk|msgGetTotalTodayNow|sendThreadPoolQueueSize)[^,}]*",
      "\"escrowmq_(pulls_beyond_end_|requests_[a-z_]*)total\"[^}]*");

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

  private final ManualClock clock = new ManualClock(START_MILLIS);
  private final TurnedEngine engine;
  private final BrokerCore core;
  final RequestTable requests;
  private final boolean isSynced;
  private final List<Long> halves = new ArrayList<>();
  private Runnable inTheTurn = () -> {};

  ReadersWorld(FlushMode flush) {
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
    send(0, "TIMER_DELAY_MS\u0001" + 1000 + "\u0002UNIQ_KEY\u0001" + KEY + "\u0002KEYS\u0001late");
    ask(RequestCode.PULL_MESSAGE, Map.of("queueOffset", "0")); // makes the group
    for (String group : List.of("moving", "changing", "going")) {
      put(group, 16);
    }
    turn();
    engine.flush();
    ask(RequestCode.UPDATE_CONSUMER_OFFSET, Map.of("commitOffset", "1"));
    for (String group : List.of("moving", "going")) {
      ask(RequestCode.UPDATE_CONSUMER_OFFSET, Map.of("consumerGroup", group, "commitOffset", "1"));
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
    ask(RequestCode.DELETE_SUBSCRIPTIONGROUP, Map.of("groupName", "going", "cleanOffset", "true"));
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
    return call.replyCode() + " " + call.reply().remark() + " " + new TreeMap<>(call.replyFields())
        + " " + body;
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
