package io.escrowmq.simulation;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one member of a consumer group: it asks where the group is, pulls on from there, and reports how far
 * it is, as RocketMQ's consumers do. When it begins anew it has forgotten all that it knew.
 */
final class Consumer {

  private static final Duration BEAT_EVERY = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final String name;
  private final Group group;
  private final Cluster cluster;
  private final Ledger ledger;
  private final List<Queue> queues;
  private final Wire wire;
  private final Map<Queue, Long> positions = new HashMap<>();
  private @Nullable Reader reader;
  private long recordedNanos = -1; // what was reported by then is in the log
  private int unknown; // queues, of which it asks where the group is

  Consumer(Group group, Cluster cluster, Ledger ledger, List<Queue> queues) {
    this.name = group.name + "-member";
    this.group = group;
    this.cluster = cluster;
    this.ledger = ledger;
    this.queues = List.copyOf(queues);
    this.wire = new Wire(cluster, name, RequestTable.of());
  }

  void beat() {
    List<SubscriptionEntry> subscriptions = queues.stream()
        .map(Queue::topic)
        .distinct()
        .map(topic -> new SubscriptionEntry(topic, "*", "TAG", List.of(), List.of(), 1, false))
        .toList();
    ConsumerEntry consumer = new ConsumerEntry(
        group.name,
        "CONSUME_PASSIVELY",
        "CLUSTERING",
        "CONSUME_FROM_FIRST_OFFSET",
        subscriptions,
        false);
    Heartbeat heartbeat = new Heartbeat(name, List.of(consumer), List.of(), 0, false);
    Request request = new Request(RequestCode.HEART_BEAT, WireHeader.NONE, heartbeat.toBody());
    cluster.brokers().forEach(broker -> wire.ask(broker.number, request, answer -> {}));
    cluster.after(name, BEAT_EVERY, this::beat);
  }

  /** Forgets where it is, and asks for it. */
  void begin() {
    if (reader != null) {
      reader.stop();
    }
    Reader next = new Reader(group.name, cluster, ledger, this::consumed);
    reader = next;
    unknown = queues.size();
    positions.clear();
    queues.forEach(queue -> ask(queue, next));
  }

  /** Whether it knows by now where the group is. */
  boolean isThere() {
    return unknown == 0;
  }

  // A new group begins with the first message.
  private void ask(Queue queue, Reader next) {
    if (next != reader) {
      return;
    }
    int last = group.before(queue, recordedNanos);
    QueryConsumerOffsetHeader header =
        new QueryConsumerOffsetHeader(group.name, queue.topic(), queue.queueId(), true);
    Request request = Request.of(RequestCode.QUERY_CONSUMER_OFFSET, header);
    wire.ask(queue.broker(), request, Wire.TIMEOUT, (answer, failure) -> {
      if (answer != null && answer.isOk()) {
        long offset = OffsetResponseHeader.FIELDS.read(answer.fields()).offset();
        group.stands(queue, offset, last);
        begin(queue, offset, next);
      } else if (answer != null
          && answer.code() == ResponseCode.QUERY_NOT_FOUND.number()
          && last < 0) {
        begin(queue, 0, next);
      } else {
        cluster.after(name, PAUSE, () -> ask(queue, next));
      }
    });
  }

  private void begin(Queue queue, long offset, Reader next) {
    if (next == reader) {
      unknown--;
      next.read(queue, offset);
    }
  }

  private void consumed(Queue queue, long next) {
    positions.put(queue, next);
    if (cluster.draw(3) == 0) {
      report(queue, next);
    }
  }

  private void report(Queue queue, long offset) {
    int report = group.reports(queue, offset);
    int life = cluster.broker(queue.broker()).lives();
    UpdateConsumerOffsetHeader header =
        new UpdateConsumerOffsetHeader(group.name, queue.topic(), queue.queueId(), offset);
    Request request = Request.of(RequestCode.UPDATE_CONSUMER_OFFSET, header);
    wire.ask(queue.broker(), request, answer -> {
      if (answer.isOk()) {
        group.answered(queue, report, life);
      }
    });
  }

  /** Reports where it is on each queue. */
  void reportAll() {
    positions.forEach(this::report);
  }

  /** What was reported by then is in the log: from now on it counts after a crash, too. */
  void isRecorded(long nanos) {
    recordedNanos = nanos;
  }
}
