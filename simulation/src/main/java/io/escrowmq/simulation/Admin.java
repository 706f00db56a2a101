package io.escrowmq.simulation;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Whoever runs the brokers: he changes topics, and asks what is where. */
final class Admin {

  private static final int READ_AND_WRITE = 6;

  private record Topic(int broker, String name) {}

  private final Cluster cluster;
  private final Ledger ledger;
  private final Wire wire;
  private final Map<Topic, Integer> queuesOf = new HashMap<>(); // those that were changed
  private final Set<NameServer> informed = new HashSet<>(); // which know where all topics are

  Admin(Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.wire = new Wire(cluster, "admin", RequestTable.of());
  }

  int queuesOf(int broker, String topic) {
    return queuesOf.getOrDefault(new Topic(broker, topic), Settings.QUEUES);
  }

  /** @param whenAdded hears of queues that are there soon */
  void changeTopics(Random random, Consumer<Queue> whenAdded) {
    int broker = random.nextInt(cluster.brokers().size());
    String name = cluster.broker(broker).name;
    if (random.nextBoolean()) {
      cluster.tell("the topic %s of %s is deleted".formatted(Work.FLEETING, name));
      List<Entry> there = ledger.in(broker, Work.FLEETING);
      TopicHeader header = new TopicHeader(Work.FLEETING);
      wire.ask(broker, Request.of(RequestCode.DELETE_TOPIC_IN_BROKER, header), answer -> {
        if (answer.isOk()) {
          ledger.gone(there);
        }
      });
      return;
    }
    String topic = Work.TOPICS.get(random.nextInt(Work.TOPICS.size()));
    int asked = Settings.QUEUES + random.nextInt(3);
    int before = queuesOf(broker, topic);
    int queues = Math.max(before, asked); // fewer would hide what is in the others
    queuesOf.put(new Topic(broker, topic), queues);
    for (int queue = before; queue < queues; queue++) {
      whenAdded.accept(new Queue(broker, topic, queue));
    }
    cluster.tell("the topic %s of %s is to have %d queues".formatted(topic, name, queues));
    UpdateTopicHeader header =
        new UpdateTopicHeader(topic, null, queues, queues, READ_AND_WRITE, null, 0, false, null);
    wire.ask(broker, Request.of(RequestCode.UPDATE_AND_CREATE_TOPIC, header), answer -> {});
  }

  /** Asks each name server where the topics are. */
  void askForRoutes() {
    for (NameServer server : cluster.nameServers()) {
      GetRouteHeader header = new GetRouteHeader(Work.TOPICS.get(0), true);
      wire.ask(server, Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, header), answer -> {
        int brokers = cluster.brokers().size();
        if (answer.isOk() && TopicRoute.read(answer.body()).brokers().size() == brokers) {
          informed.add(server);
        }
      });
    }
  }

  /** Whether each has named all brokers since it was asked first. */
  boolean areRoutesKnown() {
    return informed.containsAll(cluster.nameServers());
  }

  /** Asks all brokers whether they have anything of these groups in escrow. */
  void askForTransactions(List<String> groups, Runnable whenNone) {
    askForTransactions(groups, 0, whenNone);
  }

  private void askForTransactions(List<String> groups, int done, Runnable whenNone) {
    int brokers = cluster.brokers().size();
    if (done == groups.size() * brokers) {
      whenNone.run();
      return;
    }
    ListTransactionsHeader header = new ListTransactionsHeader(
        groups.get(done / brokers), 0, false, ListTransactionsHeader.FROM_THE_START, 1);
    wire.ask(done % brokers, Request.of(RequestCode.LIST_TRANSACTIONS, header), answer -> {
      if (answer.isOk() && TransactionList.read(answer.body()).list().isEmpty()) {
        askForTransactions(groups, done + 1, whenNone);
      }
    });
  }
}
