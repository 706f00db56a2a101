package io.escrowmq.client.send;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.NotConnectedException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Timer.TimerEntry;
import io.escrowmq.client.route.Route;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.SysFlags;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One send, from its first try to its end. Tries follow each other, each in the completion of the one
 * before; so the fields need no lock. Between two tries, and while it waits for a route, the sender
 * may end it: the thread that takes it out of those that wait owns what follows.
 *
 * <p>A try that may have reached its broker is repeated there first: only that broker can recognize
 * the message. Any other is repeated elsewhere, if there is an elsewhere; else after a pause.
 */
final class SendTask {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private final Sender sender;
  private final Outbound outbound;
  private final Set<String> preferred; // broker names
  private final long deadlineNanos;
  private final CompletableFuture<Placement> result = new CompletableFuture<>();

  private int tries;
  private int retriesLeft;
  private boolean uncertain; // a broker may have it
  private Duration pause = FIRST_PAUSE;
  private @Nullable EscrowException last;
  private @Nullable TopicQueue again; // where the next try goes
  private @Nullable String notOn; // the broker that the next try avoids

  SendTask(
      Sender sender, Outbound outbound, Set<String> preferred, long deadlineNanos, int retries) {
    this.sender = sender;
    this.outbound = outbound;
    this.preferred = preferred;
    this.deadlineNanos = deadlineNanos;
    this.retriesLeft = retries;
  }

  CompletionStage<Placement> result() {
    return result;
  }

  void start() {
    Route known = sender.routeNow(outbound.topic());
    if (known != null) {
      attempt(known);
      return;
    }
    sender.waits(this);
    TimerEntry tooLate = sender.timer().after(Duration.ofNanos(Math.max(0, leftNanos())), () -> {
      if (sender.goesOn(this)) {
        giveUp();
      }
    });
    sender.withRoute(outbound.topic(), (route, failure) -> {
      tooLate.cancel();
      if (!sender.goesOn(this)) {
        return;
      }
      if (route != null) {
        attempt(route);
        return;
      }
      EscrowException why = Failures.lost(
          "finding the route of " + outbound.topic(),
          "the name servers",
          Objects.requireNonNull(failure));
      last = why;
      if (why instanceof NotConnectedException) { // no name server; another look may help
        pauseAndStart();
      } else {
        giveUp();
      }
    });
  }

  private void attempt(Route route) {
    long left = leftNanos();
    if (left <= 0) {
      giveUp();
      return;
    }
    TopicQueue queue = again != null ? again : sender.choose(outbound, route, preferred, notOn);
    String address = queue == null ? null : route.master(queue.brokerName());
    if (queue == null || address == null) {
      last = new NotWritableException(
          "the topic " + outbound.topic() + " has no queue that can be written to now;"
              + " its brokers are gone or not writable",
          null,
          null);
      sender.routes().refresh(outbound.topic());
      again = staysWithItsBroker() ? again : null;
      pauseAndStart();
      return;
    }
    // so that the answer of a broker that hangs can still be asked for again
    long tryNanos = retriesLeft > 0 ? left / 2 : left;
    tries++;
    sender
        .network()
        .call(address, Sender.request(outbound, queue), Duration.ofNanos(tryNanos))
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            lost(route, queue, address, failure);
          } else {
            answered(route, queue, address, answer);
          }
        });
  }

  private void answered(Route route, TopicQueue queue, String address, Answer answer) {
    Safety safety = safety(answer.code());
    if (safety != null) {
      sender.routes().mayHaveCreated(route);
      placed(queue, address, answer, safety);
      return;
    }
    EscrowException why = Failures.refused("sending to " + outbound.topic(), address, answer);
    last = why;
    uncertain |= why.mayHaveHappened();
    if (!isWorthRepeating(answer.code(), route, queue) || retriesLeft == 0) {
      giveUp();
      return;
    }
    retriesLeft--;
    elsewhere(route, queue);
  }

  private static @Nullable Safety safety(int code) {
    if (code == ResponseCode.SUCCESS.number()) {
      return Safety.AS_CONFIGURED;
    }
    if (code == ResponseCode.FLUSH_DISK_TIMEOUT.number()) {
      return Safety.NOT_FLUSHED;
    }
    return code == ResponseCode.FLUSH_SLAVE_TIMEOUT.number()
            || code == ResponseCode.SLAVE_NOT_AVAILABLE.number()
        ? Safety.NOT_REPLICATED
        : null;
  }

  private void placed(TopicQueue queue, String address, Answer answer, Safety safety) {
    try {
      SendResponseHeader header = SendResponseHeader.FIELDS.read(answer.fields());
      TopicQueue where = header.queueId() == queue.queueId()
          ? queue
          : new TopicQueue(queue.topic(), queue.brokerName(), header.queueId());
      result.complete(new Placement(
          address, where, header.queueOffset(), header.messageId(), safety, tries == 1));
    } catch (BadInputException e) {
      result.completeExceptionally(new ServerRefusedException(
          "sending to " + outbound.topic() + ": " + address
              + " has taken the message, but its answer" + " cannot be read: " + e.getMessage(),
          address,
          answer.code(),
          true));
    }
  }

  private boolean isWorthRepeating(int code, Route route, TopicQueue queue) {
    ResponseCode known = ResponseCode.of(code);
    if (known == null) {
      return false;
    }
    return switch (known) {
      case SYSTEM_ERROR, SYSTEM_BUSY, SERVICE_NOT_AVAILABLE, GO_AWAY -> true;
      case TOPIC_NOT_EXIST, NO_PERMISSION -> // this broker's last word, but not the others'
        outbound.orderingKey() == null
            && !staysWithItsBroker()
            && QueueChoice.hasOther(route, queue.brokerName());
      default -> false;
    };
  }

  private void lost(Route route, TopicQueue queue, String address, Throwable failure) {
    last = Failures.lost("sending to " + outbound.topic(), address, failure);
    if (Failures.wasNotSent(failure)) {
      if (!(last instanceof NotConnectedException)) { // too much pending, or too large
        giveUp();
        return;
      }
      sender.routes().refresh(outbound.topic());
      elsewhere(route, queue);
      return;
    }
    uncertain = true;
    if (retriesLeft == 0) {
      giveUp();
      return;
    }
    retriesLeft--;
    sender.choice().avoid(queue.brokerName());
    again = queue;
    start();
  }

  private void elsewhere(Route route, TopicQueue queue) {
    sender.choice().avoid(queue.brokerName());
    if (staysWithItsBroker()) {
      again = queue;
      pauseAndStart();
      return;
    }
    again = null;
    notOn = queue.brokerName();
    if (outbound.orderingKey() == null && sender.choice().hasBetter(route, queue.brokerName())) {
      start();
    } else {
      pauseAndStart();
    }
  }

  /** A half-message that a broker may have is not sent elsewhere: the first one would never be decided. */
  private boolean staysWithItsBroker() {
    return uncertain && SysFlags.transaction(outbound.sysFlag()) == SysFlags.TRANSACTION_PREPARED;
  }

  private void pauseAndStart() {
    sender.waits(this);
    if (leftNanos() <= pause.toNanos()) {
      if (sender.goesOn(this)) {
        giveUp();
      }
      return;
    }
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    sender.timer().after(now, () -> {
      if (sender.goesOn(this)) {
        start();
      }
    });
  }

  private long leftNanos() {
    return deadlineNanos - sender.timer().nanoTime();
  }

  /** Ends it before its time: the client is closed. By the sender, while this waits. */
  void abandon() {
    if (uncertain) {
      giveUp();
    } else {
      result.completeExceptionally(Failures.closed("the client"));
    }
  }

  private void giveUp() {
    EscrowException why = last;
    String reason = why == null ? "no route was found in time" : String.valueOf(why.getMessage());
    String server = why == null ? null : why.server();
    if (uncertain) {
      result.completeExceptionally(new SendTimeoutException(
          "the message to " + outbound.topic() + " was not confirmed in time; it may be stored or"
              + " not. At last: " + reason,
          server,
          why));
    } else if (why == null || why instanceof NotConnectedException) {
      result.completeExceptionally(new NotWritableException(
          "the message to " + outbound.topic() + " was not sent, try again later. At last: "
              + reason,
          server,
          why));
    } else {
      result.completeExceptionally(why);
    }
  }
}
