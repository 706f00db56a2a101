package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Consumers in order lock queues and let them go, as the protocol has it. Any event loop. */
final class LockHandler {

  private final LockRules rules;

  LockHandler(LockRules rules) {
    this.rules = rules;
  }

  /** LOCK_BATCH_MQ: answers which of the queues the client has now. */
  void lock(Call call, QueueLock wanted) {
    CallOutcome.answer(call, () -> {
      Set<QueueLocks.Queue> held =
          new HashSet<>(rules.lock(wanted.consumerGroup(), wanted.clientId(), queues(wanted)));
      List<MessageQueue> told =
          wanted.queues().stream().filter(queue -> held.contains(key(queue))).toList();
      return Reply.ok(new LockedQueues(told).toBytes());
    });
  }

  /** UNLOCK_BATCH_MQ. */
  void unlock(Call call, QueueLock given) {
    rules.unlock(given.consumerGroup(), given.clientId(), queues(given));
    call.reply(Reply.ok());
  }

  private static List<QueueLocks.Queue> queues(QueueLock named) {
    return named.queues().stream().map(LockHandler::key).toList();
  }

  private static QueueLocks.Queue key(MessageQueue queue) {
    return new QueueLocks.Queue(queue.topic(), queue.queueId());
  }
}
