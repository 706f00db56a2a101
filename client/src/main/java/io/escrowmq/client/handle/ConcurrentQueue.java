package io.escrowmq.client.handle;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.pull.QueuePuller;
import io.escrowmq.client.pull.StoredDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A queue whose messages are handled side by side. It is done up to its first message that is not.
 */
final class ConcurrentQueue extends BacklogQueue<ConcurrentQueue.Task> {

  private static final Duration LOCAL_RETRY = Duration.ofSeconds(5);

  ConcurrentQueue(
      TopicQueue queue,
      Set<String> tags,
      ConsumerParts parts,
      QueuePuller.Source source,
      Timer timer) {
    super(queue, tags, parts, source, timer, task -> task.delivery);
  }

  @Override
  public void end(LongConsumer whenLeft) {
    puller.stop();
    long left;
    synchronized (this) {
      left = backlog.done();
      backlog.end();
      backlog.forget();
    }
    whenLeft.accept(left);
  }

  @Override
  boolean isLocked() {
    return false;
  }

  @Override
  public void wake() {
    puller.wake();
  }

  @Override
  public void pulled(byte[] body, long nextOffset) {
    List<StoredDelivery> messages = read(body);
    List<Task> tasks = new ArrayList<>(messages.size());
    synchronized (this) {
      if (!backlog.isActive()) {
        return;
      }
      for (StoredDelivery delivery : messages) {
        tasks.add(new Task(delivery, backlog.generation()));
      }
      backlog.add(tasks, nextOffset);
    }
    if (!tasks.isEmpty()) {
      parts.handlers().add(tasks);
    }
  }

  @Override
  public synchronized void moved(long nextOffset) {
    backlog.move(nextOffset);
  }

  private synchronized boolean counts(Task task) {
    return backlog.isActive() && task.generation == backlog.generation();
  }

  private void settle(Task task, Verdict verdict) {
    if (verdict.kind() == Verdict.Kind.DONE || !counts(task)) {
      finish(task);
      parts.open().settle(); // last: a close that waits for it then asks how far the queue is
      return;
    }
    parts.redelivery().again(task.delivery, verdict).whenComplete((sent, failure) -> {
      if (failure == null) {
        finish(task);
      } else {
        timer.after(LOCAL_RETRY, () -> repeat(task));
      }
      parts.open().settle();
    });
  }

  /** No broker took it for later: it is handled again from memory, in its old place. */
  private void repeat(Task task) {
    if (counts(task)) {
      task.delivery = task.delivery.again();
      parts.handlers().add(task);
    }
  }

  private void finish(Task task) {
    boolean look;
    boolean all = false;
    synchronized (this) {
      if (!counts(task)) {
        return;
      }
      task.done = true;
      for (Task first = backlog.first(); first != null && first.done; first = backlog.first()) {
        all |= backlog.removeFirst();
      }
      look = backlog.isStalled();
    }
    pullAgain(all, look);
  }

  /** One message on its way through the handler. */
  final class Task implements Handlers.Work {

    private volatile StoredDelivery delivery; // replaced when it is handled again from memory
    private final int generation;
    private boolean done; // guarded by the queue

    Task(StoredDelivery delivery, int generation) {
      this.delivery = delivery;
      this.generation = generation;
    }

    @Override
    public void run() {
      if (!counts(this)) {
        return;
      }
      parts.open().begin();
      Verdict verdict = Verdict.retry(); // also when an error leaves the handler
      try {
        verdict = parts.handlerCall().handle(delivery);
      } finally {
        settle(this, verdict);
      }
    }
  }
}
