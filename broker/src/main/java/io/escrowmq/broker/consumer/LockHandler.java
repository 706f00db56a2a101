package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.Ticker;
import java.util.ArrayList;
import java.util.List;

/** Consumers in order lock the queues they have been given, and let them go. Any event loop. */
final class LockHandler {

  private static final int LONGEST_NAME = 255; // of client ids and groups

  private final QueueLocks locks;
  private final TopicCatalog topics;
  private final Ticker ticker;

  LockHandler(QueueLocks locks, TopicCatalog topics, Ticker ticker) {
    this.locks = locks;
    this.topics = topics;
    this.ticker = ticker;
  }

  /** LOCK_BATCH_MQ: answers which of the queues the client has now. Queues that are not there stay free. */
  void lock(Call call, Fields none) {
    QueueLock wanted = QueueLock.read(call.bodyBytes());
    int longest = Math.max(wanted.clientId().length(), wanted.consumerGroup().length());
    if (longest > LONGEST_NAME) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the client id has " + wanted.clientId().length() + " characters, its consumer group "
              + wanted.consumerGroup().length() + ", at most " + LONGEST_NAME + " are allowed"));
      return;
    }
    long tick = ticker.millis();
    List<MessageQueue> held = new ArrayList<>();
    for (MessageQueue queue : wanted.queues()) {
      if (exists(queue)
          && locks.lock(wanted.consumerGroup(), key(queue), wanted.clientId(), tick)) {
        held.add(queue);
      }
    }
    call.reply(Reply.ok(new LockedQueues(held).toBytes()));
  }

  /** UNLOCK_BATCH_MQ. */
  void unlock(Call call, Fields none) {
    QueueLock given = QueueLock.read(call.bodyBytes());
    for (MessageQueue queue : given.queues()) {
      locks.unlock(given.consumerGroup(), key(queue), given.clientId());
    }
    call.reply(Reply.ok());
  }

  private boolean exists(MessageQueue queue) {
    Topic topic = topics.find(queue.topic());
    return topic != null && queue.queueId() >= 0 && queue.queueId() < topic.queues();
  }

  private static QueueLocks.Queue key(MessageQueue queue) {
    return new QueueLocks.Queue(queue.topic(), queue.queueId());
  }
}
