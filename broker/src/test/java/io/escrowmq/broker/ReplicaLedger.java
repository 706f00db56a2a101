package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.runtime.SimulatedMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of replicas in a simulated world: sends on and on to whoever takes it, and reads at whoever gives. It keeps
 * where each message was acknowledged, and what was seen at each offset; neither may ever be different.
 */
final class ReplicaLedger {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long PAUSE_NANOS = 20_000_000;
  private static final Pattern BODY = Pattern.compile("<(\\d+)>");

  final Map<Long, Integer> acknowledged = new TreeMap<>(); // offset to message
  final Map<Long, Integer> seen = new TreeMap<>(); // likewise
  final List<String> broken = new ArrayList<>();
  private final SimulatedMachine machine;
  private final RemotingClient client;
  private boolean isSending = true;
  private int sent;
  private int target; // the replica that is asked now
  private int reader;
  private long nextOffset;

  ReplicaLedger(ReplicaWorld world) {
    this.machine = world.simulator.machine("client");
    this.client = world.of(machine).client(RequestTable.of(), RemotingSettings.forClient());
  }

  void start() {
    send();
    read();
  }

  /** From now on it only reads. */
  void stopSending() {
    isSending = false;
  }

  private static String address(int replica) {
    return "127.0.0.1:" + ReplicaWorld.address(replica).getPort();
  }

  private void send() {
    if (!isSending) {
      return;
    }
    int number = ++sent;
    WireHeader header = fields -> fields
        .put("producerGroup", "pg")
        .put("topic", "orders")
        .put("defaultTopic", "TBW102")
        .put("defaultTopicQueueNums", 1)
        .put("queueId", 0)
        .put("sysFlag", 0)
        .put("bornTimestamp", 0)
        .put("flag", 0)
        .put("properties", "")
        .put("reconsumeTimes", 0);
    Request request = new Request(
        RequestCode.SEND_MESSAGE, header, Body.of(("<" + number + ">").getBytes(UTF_8)));
    client.call(address(target), request, PATIENCE).whenComplete((answer, failure) -> {
      if (answer != null && answer.isOk()) {
        note(acknowledged, answer.fields().requiredLong("queueOffset"), number, "acknowledged");
      } else {
        target = (target + 1) % ReplicaWorld.REPLICAS;
      }
      machine.afterNanos(PAUSE_NANOS, this::send);
    });
  }

  private void note(Map<Long, Integer> what, long offset, int number, String how) {
    Integer before = what.put(offset, number);
    Integer other = what == seen ? acknowledged.get(offset) : seen.get(offset);
    boolean differs = before != null && before != number;
    if (differs || (other != null && other != number)) {
      broken.add("message %d is %s at %d, where %s was before"
          .formatted(number, how, offset, before == null ? other : before));
    }
  }

  private void read() {
    pull(reader, nextOffset).whenComplete((answer, failure) -> {
      if (answer != null && answer.isOk()) {
        nextOffset = noteSeen(answer, nextOffset);
      } else {
        reader = (reader + 1) % ReplicaWorld.REPLICAS;
        nextOffset = 0; // what another one shows is the same
      }
      machine.afterNanos(PAUSE_NANOS, this::read);
    });
  }

  private long noteSeen(Answer answer, long from) {
    long offset = from;
    Matcher found = BODY.matcher(BrokerCalls.text(answer));
    while (found.find()) {
      note(seen, offset++, Integer.parseInt(found.group(1)), "seen");
    }
    return answer.fields().requiredLong("nextBeginOffset");
  }

  private CompletionStage<Answer> pull(int replica, long offset) {
    PullMessageHeader header = new PullMessageHeader(
        "group",
        "orders",
        0,
        offset,
        32,
        PullFlags.SUBSCRIPTION,
        0,
        0,
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    return client.call(address(replica), Request.of(RequestCode.PULL_MESSAGE, header), PATIENCE);
  }
}
