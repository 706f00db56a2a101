package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.onAsking;

import io.escrowmq.namesrv.route.BrokerMember;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.namesrv.route.TopicChange;
import io.escrowmq.namesrv.route.TopicQueues;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DataVersionResponseHeader;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import java.util.HashMap;
import java.util.Map;

/**
 * What brokers say has changed of their topics, so that nobody has to write and read 100,000 topics
 * for a new one. Only our brokers send it.
 */
final class TopicChangeRequests {

  private final RouteLoop loop;

  TopicChangeRequests(RouteLoop loop) {
    this.loop = loop;
  }

  RequestTable table() {
    return RequestTable.of(onAsking(
        RequestCode.CHANGE_TOPICS,
        QueryDataVersionHeader.FIELDS,
        Permission.SERVE,
        this::changeTopics));
  }

  private void changeTopics(Call call, QueryDataVersionHeader header, Rights rights) {
    BrokerMember broker = new BrokerMember(
        header.cluster(), header.brokerName(), header.brokerId(), header.brokerAddress());
    byte[] body = call.bodyBytes();
    Connection connection = call.connection();
    loop.submit(call, body.length, (owned, now) -> {
      TopicChange change = read(broker, body);
      String forbidden = rights.refusalOfTopics(change.topics().keySet());
      if (forbidden == null) {
        forbidden = rights.refusalOfTopics(change.gone());
      }
      return forbidden != null
          ? Reply.refused(ResponseCode.NO_PERMISSION, forbidden)
          : change(owned, change, connection, now);
    });
  }

  private static Reply change(
      RouteLoop owned, TopicChange change, Connection connection, long nowMillis) {
    RouteBook book = owned.book();
    boolean taken = book.takesChanges(change);
    if (taken) {
      owned.watch(connection);
      book.change(change, connection, nowMillis);
    }
    RouteBook.Occupant occupant = book.occupant(change.broker());
    return Reply.ok(
        new DataVersionResponseHeader(!taken, occupant == null ? null : occupant.address()));
  }

  private static TopicChange read(BrokerMember broker, byte[] body) {
    TopicUpdates changed = TopicUpdates.read(body);
    Map<String, TopicQueues> topics = new HashMap<>();
    changed.topics().forEach((name, topic) -> {
      // Without the topic's flags: the registration of all topics has no place for them either.
      TopicQueues queues =
          new TopicQueues(topic.readQueues(), topic.writeQueues(), topic.permission(), 0);
      String refusal = NameRules.topicRefusal(name, queues);
      if (refusal != null) {
        throw new BadBodyException(refusal);
      }
      topics.put(name, queues);
    });
    return new TopicChange(broker, changed.since(), changed.version(), topics, changed.gone());
  }
}
