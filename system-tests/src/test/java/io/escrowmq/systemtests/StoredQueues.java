package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;

/** What lies in the queues of one topic, looked at by a plain pull consumer. Owner: the test. */
final class StoredQueues {

  private final Clients clients;
  private final String topic;
  private final int queues;
  private final String puller;

  StoredQueues(Clients clients, String topic, int queues) {
    this.clients = clients;
    this.topic = topic;
    this.queues = queues;
    puller = clients.pull(clients.freshGroup());
  }

  /** How many messages have ever been in the queues. */
  long count() {
    long count = 0;
    for (int queueId = 0; queueId < queues; queueId++) {
      count += clients.driver().maxOffset(puller, topic, clients.brokerName(), queueId);
    }
    return count;
  }

  /** All messages, queue by queue, each in its order. */
  List<ReceivedMessage> messages() {
    List<ReceivedMessage> all = new ArrayList<>();
    for (int queueId = 0; queueId < queues; queueId++) {
      long offset = 0;
      PullAnswer pulled;
      do {
        pulled = clients
            .driver()
            .pull(
                puller, topic, clients.brokerName(), queueId, MessageFilter.EVERYTHING, offset, 32);
        all.addAll(pulled.messages());
        offset = pulled.nextOffset();
      } while (pulled.status().equals("FOUND"));
    }
    return all;
  }

  List<String> bodies() {
    return messages().stream().map(ReceivedMessage::body).toList();
  }
}
