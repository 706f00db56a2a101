package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Whole requests, whatever is in them, to a broker and a name server that run. Each is answered in words of
 * ours or leaves its caller waiting; then others send and pull as ever, also after a kill and a restart.
 */
class RequestsFuzzTest extends FuzzContract {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration LATER = Duration.ofSeconds(100);
  private static final String TOPIC = "others";
  private static final Conditions SYNCED =
      new Conditions(true, false, false, false, 0, Duration.ofDays(3), false, false, 1, 1);

  private static final List<String> DEFECTS = List.of(
      "escrowmq_failed_requests_total",
      "escrowmq_failed_answers_total",
      "escrowmq_failed_duties_total",
      "escrowmq_messages_unreadable_total",
      "escrowmq_network_failed_handlers_total");

  /** Fields of many requests at once, as far as their values can be the same everywhere. */
  private static final Map<String, String> FIELDS = new TreeMap<>();

  static {
    String all =
        "topic=T group=g consumerGroup=g producerGroup=g groupName=g srcGroup=g destGroup=h"
            + " compareGroup=h clientID=c clientId=c clientAddr= defaultTopic=TBW102 key=k lastKey="
            + " defaultTopicQueueNums=4 readQueueNums=4 writeQueueNums=4 perm=6 topicSysFlag=0"
            + " topicFilterType=SINGLE_TAG order=false isOrder=false queueId=0 queueOffset=0 offset=$p"
            + " commitOffset=0 index=0 count=1 maxMsgNums=1 sysFlag=0 suspendTimeoutMillis=0 subVersion=1"
            + " subscription=* timestamp=0 isForce=true readable=true maxNum=1 beginTimestamp=0 id=$p"
            + " endTimestamp=9999999999999 a=g b=T c=TBW102 d=4 e=0 f=0 g=0 h=0 j=0 k=false l=16 m=false"
            + " i=KEYS\u0001k\u0002 properties=KEYS\u0001k\u0002 msgId=$i originMsgId=$i originTopic=T"
            + " delayLevel=1 commitLogOffset=$p tranStateTableOffset=0 commitOrRollback=8 transaction=x"
            + " transactionId=x verdict=COMMIT decidedBy=me who=me reason=why clusterName=C"
            + " brokerName=b brokerAddr=127.0.0.1:1 brokerId=0 haServerAddr=127.0.0.1:2 namespace=n"
            + " value=v compressed=false bodyCrc32=0 enableActingMaster=false statsName=TOPIC_PUT_NUMS"
            + " statsKey=T bornTimestamp=0 flag=0 reconsumeTimes=0 unitMode=false maxReconsumeTimes=16"
            + " batch=false fromTransactionCheck=false expressionType=TAG attributes= stateVersion=0";
    for (String field : all.split(" ", -1)) {
      int mark = field.indexOf('=');
      FIELDS.put(field.substring(0, mark), field.substring(mark + 1));
    }
  }

  private static final byte[] BODY = utf8("""
      {"clientID":"c","producerDataSet":[{"groupName":"g"}],"consumerDataSet":[{"groupName":"g",\
      "consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","subscriptionDataSet":[{"topic":"T",\
      "subString":"*","subVersion":1}]}],"groupName":"g","retryMaxTimes":3,"topicConfigList":[{\
      "topicName":"T","readQueueNums":2,"writeQueueNums":2,"perm":6}],"groupConfigList":[{"groupName":"h"}],\
      "consumerGroup":"g","mqSet":[{"topic":"T","brokerName":"broker-a","queueId":0}],"offsetTable":{},\
      "topicConfigSerializeWrapper":{"topicConfigTable":{"T":{"topicName":"T","perm":6,\
      "readQueueNums":2,"writeQueueNums":2}}}}""");

  @Override
  protected int rounds() {
    return 30;
  }

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(
        target("broker-requests", Settings.BROKERS.get(0)),
        target("namesrv-requests", Settings.NAME_SERVERS.get(0)));
  }

  private static FuzzTarget target(String name, String address) {
    FuzzTarget target =
        FuzzTarget.of(name, script -> new Run(address).play(script)).taking(1L << 30, 10_000);
    byte[] several = {};
    int count = 0;
    for (RequestCode code : RequestCode.values()) {
      several = joined(several, ScriptedRequests.script(code, FIELDS, BODY));
      if (++count % ScriptedRequests.MOST_REQUESTS == 0) {
        target = target.reading(several);
        several = new byte[0];
      }
    }
    target = target.reading(several);
    Map<String, String> half = new TreeMap<>(FIELDS);
    half.put("f", "4");
    half.put("i", "TRAN_MSG\u0001true\u0002PGROUP\u0001g\u0002ESCROW_TX\u0001x\u0002");
    Map<String, String> delayed = new TreeMap<>(FIELDS);
    delayed.put("i", "DELAY\u00013\u0002");
    for (Map<String, String> first : List.of(FIELDS, half, delayed)) {
      for (RequestCode then : List.of(
          RequestCode.PULL_MESSAGE,
          RequestCode.END_TRANSACTION,
          RequestCode.DECIDE_TRANSACTION,
          RequestCode.VIEW_MESSAGE_BY_ID,
          RequestCode.QUERY_MESSAGE,
          RequestCode.CONSUMER_SEND_MSG_BACK)) {
        target = target.reading(joined(
            ScriptedRequests.script(RequestCode.SEND_MESSAGE_V2, first, utf8("body")),
            ScriptedRequests.script(then, FIELDS, new byte[0])));
      }
    }
    return target;
  }

  /** One broker and one name server, from their start to their second end. */
  private static final class Run {
    private final Cluster cluster = new Cluster(new Simulator(1), SYNCED, new History());
    private final SimulatedBroker broker = cluster.broker(0);
    private final String address;
    private int sent;

    Run(String address) {
      this.address = address;
    }

    void play(byte[] script) {
      cluster.start();
      RemotingClient hostile = cluster.client("hostile", RequestTable.of());
      ScriptedRequests requests = new ScriptedRequests();
      for (ScriptedRequests.Step step : ScriptedRequests.steps(script)) {
        Request request = requests.request(step);
        if (step.isOneWay()) {
          hostile.notify(address, request);
          cluster.pass(STEP);
        } else {
          ask(hostile, request, requests);
        }
        if (step.letsTimePass()) {
          cluster.pass(LATER);
        }
      }
      RemotingClient other = cluster.client("other", RequestTable.of());
      assertOthersAreServed(other);
      cluster.pass(LATER); // delays, checks, retention are due
      assertOthersAreServed(other);
      assertNoDefects(other);
      broker.crash(false);
      broker.start();
      assertThat(broker.refusal()).as("why the broker does not start again").isNull();
      assertOthersAreServed(cluster.client("after", RequestTable.of()));
    }

    private void ask(RemotingClient hostile, Request request, ScriptedRequests requests) {
      CompletableFuture<Answer> asked =
          hostile.call(address, request, DEADLINE).toCompletableFuture();
      cluster.pass(STEP);
      if (asked.isDone() && !asked.isCompletedExceptionally()) { // not one that may wait
        Answer answer = asked.join();
        String where = request.code() + " is answered " + answer.code() + " " + answer.remark();
        assertThat(ResponseCode.of(answer.code())).as(where).isNotNull();
        assertThat(String.valueOf(answer.remark()))
            .as(where)
            .doesNotContain("Exception", "java.", "could not be served");
        requests.stored(answer.isOk() ? answer.fields().text("msgId") : null);
      }
      assertThat(broker.failure()).isNull();
    }

    /** Sends a message, and pulls all that were sent so far. */
    private void assertOthersAreServed(RemotingClient other) {
      String body = "message " + sent;
      SendMessageHeader header =
          new SendMessageHeader("others", TOPIC, "TBW102", 4, 0, 0, 0, 0, "", 0, false, -1, false);
      answer(other, new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of(utf8(body))));
      sent++;
      PullMessageHeader pull = new PullMessageHeader(
          "others", TOPIC, 0, 0, 32, PullFlags.SUBSCRIPTION, 0, 0, "*", 0, "TAG", 1 << 20);
      Answer pulled =
          answer(other, new Request(RequestCode.PULL_MESSAGE, pull, Body.of(new byte[0])));
      List<String> bodies = new ArrayList<>();
      Wire.messages(
          pulled.body(),
          view -> bodies.add(StandardCharsets.UTF_8.decode(view.body()).toString()));
      assertThat(bodies).hasSize(sent).contains(body);
    }

    private void assertNoDefects(RemotingClient other) {
      for (MetricsTable.Metric metric : MetricsTable.read(answer(
                  other,
                  new Request(RequestCode.GET_METRICS, WireHeader.NONE, Body.of(new byte[0])))
              .body())
          .metrics()) {
        if (DEFECTS.contains(metric.name())) {
          assertThat(metric.value()).as(metric.name()).isZero();
        }
      }
    }

    private Answer answer(RemotingClient other, Request request) {
      CompletableFuture<Answer> asked =
          other.call(Settings.BROKERS.get(0), request, DEADLINE).toCompletableFuture();
      cluster.pass(Duration.ofSeconds(1));
      assertThat(asked).as("%s is answered at once", request.code()).isCompleted();
      Answer answer = asked.join();
      assertThat(answer.isOk()).as("%s: %s", request.code(), answer.remark()).isTrue();
      return answer;
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
