package io.escrowmq.client.handle;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.core.Signal;
import io.escrowmq.client.pull.ByteBudget;
import io.escrowmq.client.pull.ConsumerLimits;
import io.escrowmq.client.pull.QueuePuller;
import io.escrowmq.client.pull.StoredDelivery;
import io.escrowmq.client.pull.StoredMessages;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.runtime.TestMachine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What surrounds one queue of a consumer: a broker, threads that the test plays, and a handler. */
final class FakeConsumer implements QueuePuller.Source, Redelivery {

  final ManualTimer timer = new ManualTimer();
  final Queue<Runnable> threads = new ArrayDeque<>();
  final List<Long> pulls = new ArrayList<>();
  final List<String> handled = new ArrayList<>(); // body and attempt
  final List<String> givenBack = new ArrayList<>(); // body and kind of verdict
  final Map<String, Verdict> verdicts = new HashMap<>(); // by body; done otherwise
  final Map<String, Runnable> whileHandling = new HashMap<>(); // by body
  boolean takesBack = true;
  int maxDeliveries = 3;
  private CompletableFuture<Answer> pull = new CompletableFuture<>();
  AssignedQueue woken; // when there is room in all

  ConsumerParts parts(ConsumerLimits limits) {
    return new ConsumerParts(
        limits,
        new ByteBudget(limits.allBytes()),
        new Handlers(threads::add, timer, 4, new RateLimit(0)),
        new HandlerCall(
            delivery -> {
              handled.add(delivery.text() + "#" + delivery.attempt());
              whileHandling.getOrDefault(delivery.text(), () -> {}).run();
              return verdicts.getOrDefault(delivery.text(), Verdict.done());
            },
            "stock"),
        this,
        new OpenDeliveries(new Signal(TestMachine.REAL.loops(), timer)),
        () -> woken.wake());
  }

  @Override
  public CompletionStage<Answer> pull(TopicQueue queue, long offset, long done) {
    pulls.add(offset);
    pull = new CompletableFuture<>();
    return pull;
  }

  /** Answers the pull that waits with messages up to this offset. */
  void bring(long to) {
    long from = pulls.get(pulls.size() - 1);
    pull.complete(FakeNetwork.ok(
        new PullResponseHeader(0, to, 0, 100),
        StoredMessages.messages(StoredMessages.QUEUE, from, to)));
  }

  void moveTo(long offset) {
    pull.complete(FakeNetwork.answer(
        ResponseCode.PULL_OFFSET_MOVED, new PullResponseHeader(0, offset, 0, 100), new byte[0]));
  }

  /** Lets the threads work until nothing is left to do. */
  void work() {
    for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.run();
    }
  }

  @Override
  public CompletionStage<Void> again(StoredDelivery delivery, Verdict verdict) {
    if (!takesBack) {
      return CompletableFuture.failedFuture(new IllegalStateException("nobody takes it"));
    }
    givenBack.add(delivery.text() + " " + verdict.kind());
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public boolean isLast(StoredDelivery delivery) {
    return delivery.attempt() >= maxDeliveries;
  }

  @Override
  public Duration pauseAfter(StoredDelivery delivery) {
    return Duration.ofSeconds(delivery.attempt());
  }
}
