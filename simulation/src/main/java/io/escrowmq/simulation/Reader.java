package io.escrowmq.simulation;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import java.time.Duration;
import java.util.function.ObjLongConsumer;

/** A client that pulls queues to their end: and on, and on, or once. */
final class Reader {

  private static final long WAIT_MILLIS = 5_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int MOST_MESSAGES = 16;

  private final String name;
  private final Cluster cluster;
  private final Ledger ledger;
  private final Wire wire;
  private final boolean follows;
  private final ObjLongConsumer<Queue> whenConsumed;
  private final boolean counts; // what it is led past: it has seen all before
  private boolean isStopped;
  private int unfinished; // queues, of a reader that reads once

  /** @param follows whether it goes on at the end of a queue */
  Reader(String name, Cluster cluster, Ledger ledger, boolean follows) {
    this(name, cluster, ledger, follows, follows, (queue, next) -> {});
  }

  /** @param whenConsumed hears up to where it has read a queue */
  Reader(String name, Cluster cluster, Ledger ledger, ObjLongConsumer<Queue> whenConsumed) {
    this(name, cluster, ledger, true, false, whenConsumed);
  }

  private Reader(
      String name,
      Cluster cluster,
      Ledger ledger,
      boolean follows,
      boolean counts,
      ObjLongConsumer<Queue> whenConsumed) {
    this.whenConsumed = whenConsumed;
    this.counts = counts;
    this.name = name;
    this.cluster = cluster;
    this.ledger = ledger;
    this.follows = follows;
    this.wire = new Wire(cluster, name, RequestTable.of());
  }

  void read(Queue queue, long offset) {
    unfinished++;
    pull(queue, offset);
  }

  /** Reads no more. */
  void stop() {
    isStopped = true;
  }

  boolean isDone() {
    return unfinished == 0;
  }

  private void pull(Queue queue, long offset) {
    if (isStopped) {
      return;
    }
    long asked = cluster.nanos();
    PullMessageHeader header = new PullMessageHeader(
        name,
        queue.topic(),
        queue.queueId(),
        offset,
        MOST_MESSAGES,
        PullFlags.SUBSCRIPTION | (follows ? PullFlags.SUSPEND : 0),
        0,
        WAIT_MILLIS,
        "*",
        0,
        "TAG",
        Integer.MAX_VALUE);
    long end = ledger.end(queue);
    Request request = Request.of(RequestCode.PULL_MESSAGE, header);
    wire.ask(queue.broker(), request, TIMEOUT, (answer, failure) -> {
      long next = answer == null ? offset : pulled(queue, offset, end, answer, asked);
      if (!follows && answer != null && isAtEnd(answer)) {
        unfinished--;
        return;
      }
      cluster.after(name, next == offset ? PAUSE : Duration.ZERO, () -> pull(queue, next));
    });
  }

  private static boolean isAtEnd(Answer answer) {
    return answer.code() == ResponseCode.PULL_NOT_FOUND.number()
        || answer.code() == ResponseCode.TOPIC_NOT_EXIST.number();
  }

  private long pulled(Queue queue, long offset, long end, Answer answer, long asked) {
    if (answer.code() == ResponseCode.PULL_NOT_FOUND.number()
        || answer.code() == ResponseCode.PULL_OFFSET_MOVED.number()
        || answer.isOk()) {
      PullResponseHeader said = PullResponseHeader.FIELDS.read(answer.fields());
      ledger.ends(queue, said.maxOffset(), end);
      long next = answer.isOk() ? messages(queue, offset, answer, asked) : offset;
      if (next < said.nextBeginOffset()) {
        ledger.led(queue, next, said.nextBeginOffset(), counts);
      }
      if (!isStopped && said.nextBeginOffset() > offset) {
        whenConsumed.accept(queue, said.nextBeginOffset());
      }
      return said.nextBeginOffset();
    }
    return offset;
  }

  private long messages(Queue queue, long offset, Answer answer, long asked) {
    long[] next = {offset};
    Wire.messages(answer.body(), view -> {
      if (view.queueOffset() < next[0] || view.queueId() != queue.queueId()) {
        throw new Violation("a pull of %s at %d brings %d@%d"
            .formatted(queue, next[0], view.queueId(), view.queueOffset()));
      }
      if (view.queueOffset() > next[0]) {
        ledger.led(queue, next[0], view.queueOffset(), counts);
      }
      next[0] = view.queueOffset() + 1;
      ledger.pulled(Wire.idOf(view), new Place(queue, view.queueOffset()), asked);
    });
    return next[0];
  }
}
