package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onAsking;

import io.escrowmq.namesrv.kv.KvNamespaces;
import io.escrowmq.namesrv.route.BrokerMember;
import io.escrowmq.namesrv.route.Registration;
import io.escrowmq.namesrv.route.RegistrationRuling;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.namesrv.route.TopicQueues;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.KvTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.AddedTopicsResponseHeader;
import io.escrowmq.remoting.header.BrokerHeartbeatHeader;
import io.escrowmq.remoting.header.BrokerNameHeader;
import io.escrowmq.remoting.header.DataVersionResponseHeader;
import io.escrowmq.remoting.header.DeleteTopicInNamesrvHeader;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import io.escrowmq.remoting.header.RegisterBrokerHeader;
import io.escrowmq.remoting.header.RegisterBrokerResponseHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UnregisterBrokerHeader;
import io.escrowmq.remoting.header.WipedTopicsResponseHeader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brokers say of themselves, and what administrators change of it. The event loop checks names
 * and copies the body; the route loop reads it, since 100,000 topics are more than an event loop
 * should stop for.
 */
final class RegistrationRequests {

  private static final Logger LOG = LoggerFactory.getLogger(RegistrationRequests.class);

  private static final long SHORTEST_LEASE_MILLIS = 1_000;
  private static final long SEAT_WARNING_MILLIS = 1_000;

  private final RouteLoop loop;
  private final NamesrvSettings settings;
  private long nextSeatWarningMillis = Long.MIN_VALUE; // owner: the route loop

  RegistrationRequests(RouteLoop loop, NamesrvSettings settings) {
    this.loop = loop;
    this.settings = settings;
  }

  RequestTable table() {
    return RequestTable.of(
        onAsking(
            RequestCode.REGISTER_BROKER,
            RegisterBrokerHeader.FIELDS,
            Permission.SERVE,
            this::register),
        on(
            RequestCode.UNREGISTER_BROKER,
            UnregisterBrokerHeader.FIELDS,
            Permission.SERVE,
            this::unregister),
        on(
            RequestCode.BROKER_HEARTBEAT,
            BrokerHeartbeatHeader.FIELDS,
            Permission.SERVE,
            this::heartbeat),
        on(
            RequestCode.QUERY_DATA_VERSION,
            QueryDataVersionHeader.FIELDS,
            Permission.SERVE,
            this::queryDataVersion),
        onAsking(
            RequestCode.REGISTER_TOPIC_IN_NAMESRV,
            TopicHeader.FIELDS,
            Permission.MANAGE,
            this::registerTopic),
        on(
            RequestCode.DELETE_TOPIC_IN_NAMESRV,
            DeleteTopicInNamesrvHeader.FIELDS,
            Permission.MANAGE,
            this::deleteTopic),
        on(
            RequestCode.WIPE_WRITE_PERM_OF_BROKER,
            BrokerNameHeader.FIELDS,
            Permission.MANAGE,
            (call, header) -> loop.submit(
                call,
                0,
                (owned, now) -> Reply.ok(new WipedTopicsResponseHeader(
                    owned.book().wipeWritePermission(header.brokerName()))))),
        on(
            RequestCode.ADD_WRITE_PERM_OF_BROKER,
            BrokerNameHeader.FIELDS,
            Permission.MANAGE,
            (call, header) -> loop.submit(
                call,
                0,
                (owned, now) -> Reply.ok(new AddedTopicsResponseHeader(
                    owned.book().addWritePermission(header.brokerName()))))));
  }

  private void register(Call call, RegisterBrokerHeader header, Rights rights) {
    String refusal = refusal(header);
    if (refusal != null) {
      call.reply(refused(refusal));
      return;
    }
    byte[] body = call.bodyBytes();
    Connection connection = call.connection();
    loop.submit(
        call, body.length, (owned, now) -> register(owned, header, body, rights, connection, now));
  }

  private Reply register(
      RouteLoop owned,
      RegisterBrokerHeader header,
      byte[] body,
      Rights rights,
      Connection connection,
      long now) {
    BrokerMember broker = new BrokerMember(
        header.cluster(), header.brokerName(), header.brokerId(), header.brokerAddress());
    RouteBook book = owned.book();
    Digest digest = Digest.of(rights.caller() + " " + header, body);
    if (header.bodyCrc() != 0 && header.bodyCrc() != digest.bodyCrc()) {
      return refused("the CRC of the registration's body is " + digest.bodyCrc()
          + ", its header says " + header.bodyCrc());
    }
    if (book.isUnchanged(broker, digest.ofAll())) {
      owned.watch(connection);
      book.registerAgain(broker, connection, now);
      return registered(owned, broker, null, 0);
    }
    RegistrationBody content =
        RegistrationBody.read(body, header.compressed(), settings.routeLimits().topicsOfBroker());
    String forbidden = rights.refusalOfTopics(content.topics().keySet());
    if (forbidden != null) {
      return Reply.refused(ResponseCode.NO_PERMISSION, forbidden);
    }
    Registration registration = new Registration(
        broker,
        header.haAddress(),
        leaseMillis(header.heartbeatTimeoutMillis()),
        header.enableActingMaster(),
        content.version(),
        digest.ofAll(),
        content.topics(),
        header.allTopics(),
        content.leftOut());
    RouteBook.Occupant occupant = book.occupant(broker);
    if (occupant != null) {
      warnOfTwo(broker, occupant, now);
    }
    RegistrationRuling ruling = book.onRegistration(registration);
    if (ruling != RegistrationRuling.ACCEPTED) {
      return refused(remark(ruling, broker, book));
    }
    registration = book.fitting(registration);
    if (registration.leftOut() > 0) {
      LOG.warn(
          "{} has {} topics more than are taken, and they have no route: at most {} of one broker,"
              + " {} of all, and {} when each broker's are counted; delete topics that nobody needs",
          broker,
          registration.leftOut(),
          settings.routeLimits().topicsOfBroker(),
          settings.routeLimits().topics(),
          settings.routeLimits().entries());
    }
    if (owned.image().group(broker.brokerName()) == null) {
      LOG.info("{} is here with {} topics", broker, registration.topics().size());
    }
    owned.watch(connection);
    book.register(registration, connection, now);
    return registered(
        owned, broker, occupant == null ? null : occupant.address(), registration.leftOut());
  }

  /** Two brokers of one name take clients from each other without either noticing by itself. */
  private void warnOfTwo(BrokerMember broker, RouteBook.Occupant occupant, long now) {
    if (now < nextSeatWarningMillis) {
      return;
    }
    nextSeatWarningMillis = now + SEAT_WARNING_MILLIS;
    LOG.warn(
        "two brokers have the name '{}' and the id {}: {} registers, {} was heard {} ms ago; if both"
            + " are meant to run, give one of them another broker.name",
        broker.brokerName(),
        broker.brokerId(),
        broker.address(),
        occupant.address(),
        now - occupant.heardMillis());
  }

  private static Reply registered(
      RouteLoop owned, BrokerMember broker, @Nullable String displaced, int leftOut) {
    RouteBook.Master master = owned.book().masterOf(broker.brokerName());
    RegisterBrokerResponseHeader header = broker.brokerId() == 0 || master == null
        ? new RegisterBrokerResponseHeader(null, null, displaced, leftOut)
        : new RegisterBrokerResponseHeader(
            master.haAddress(), master.address(), displaced, leftOut);
    Map<String, String> orderTopics = owned.config().table().namespace(KvNamespaces.ORDER_TOPICS);
    return Reply.ok(header, new KvTable(orderTopics).toBody());
  }

  private void unregister(Call call, UnregisterBrokerHeader header) {
    BrokerMember broker = new BrokerMember(
        header.cluster(), header.brokerName(), header.brokerId(), header.brokerAddress());
    loop.submit(call, 0, (owned, now) -> {
      if (owned.book().unregister(broker)) {
        LOG.info("{} is gone: it said so", broker);
      }
      return Reply.ok();
    });
  }

  private void heartbeat(Call call, BrokerHeartbeatHeader header) {
    loop.submit(call, 0, (owned, now) -> {
      owned.book().renew(header.brokerAddress(), now);
      return Reply.ok();
    });
  }

  private void queryDataVersion(Call call, QueryDataVersionHeader header) {
    byte[] body = call.bodyBytes();
    BrokerMember broker = new BrokerMember(
        header.cluster(), header.brokerName(), header.brokerId(), header.brokerAddress());
    loop.submit(call, body.length, (owned, now) -> {
      DataVersion asked = DataVersion.read(body);
      owned.book().renew(broker.address(), now);
      DataVersion known = owned.book().versionOf(broker);
      RouteBook.Occupant occupant = owned.book().occupant(broker);
      return Reply.ok(
          new DataVersionResponseHeader(
              !asked.equals(known), occupant == null ? null : occupant.address()),
          known == null ? Body.EMPTY : known.toBody());
    });
  }

  private void registerTopic(Call call, TopicHeader header, Rights rights) {
    byte[] body = call.bodyBytes();
    loop.submit(
        call,
        body.length,
        (owned, now) -> registerTopic(owned.book(), header.topic(), body, rights));
  }

  private Reply registerTopic(RouteBook book, String topic, byte[] body, Rights rights) {
    List<QueueEntry> offers = TopicRoute.read(body).queues();
    for (QueueEntry offer : offers) {
      String forbidden = rights.refusalOfBroker(offer.brokerName());
      if (forbidden != null) {
        return Reply.refused(ResponseCode.NO_PERMISSION, forbidden);
      }
      String refusal = NameRules.topicRefusal(topic, queues(offer));
      if (refusal != null) {
        return refused(refusal);
      }
      RegistrationRuling ruling = book.onTopics(offer.brokerName(), Set.of(topic));
      if (ruling != RegistrationRuling.ACCEPTED) {
        return refused(remark(ruling, new BrokerMember("", offer.brokerName(), 0, ""), book));
      }
    }
    offers.forEach(offer -> book.registerTopic(topic, offer.brokerName(), queues(offer)));
    return Reply.ok();
  }

  private static TopicQueues queues(QueueEntry offer) {
    return new TopicQueues(
        offer.readQueues(), offer.writeQueues(), offer.permission(), offer.sysFlag());
  }

  private void deleteTopic(Call call, DeleteTopicInNamesrvHeader header) {
    String cluster = header.cluster();
    loop.submit(call, 0, (owned, now) -> {
      if (cluster == null || cluster.isEmpty()) {
        owned.book().deleteTopic(header.topic());
      } else {
        owned.book().deleteTopic(header.topic(), cluster);
      }
      return Reply.ok();
    });
  }

  private long leaseMillis(long asked) {
    return Math.max(
        SHORTEST_LEASE_MILLIS, Math.min(asked, settings.longestLease().toMillis()));
  }

  private static @Nullable String refusal(RegisterBrokerHeader header) {
    String refusal = NameRules.refusal("broker", header.brokerName());
    if (refusal == null) {
      refusal = NameRules.refusal("cluster", header.cluster());
    }
    if (refusal == null) {
      refusal = NameRules.addressRefusal("broker address", header.brokerAddress());
    }
    if (refusal == null && header.haAddress() != null && !header.haAddress().isEmpty()) {
      refusal = NameRules.addressRefusal("HA address", header.haAddress());
    }
    return refusal != null || header.brokerId() >= 0
        ? refusal
        : "the broker id is " + header.brokerId() + ", 0 and above are allowed";
  }

  private String remark(RegistrationRuling ruling, BrokerMember broker, RouteBook book) {
    return switch (ruling) {
      case ACCEPTED -> "";
      case SEAT_TAKEN ->
        "id " + broker.brokerId() + " of the broker '" + broker.brokerName() + "' belongs to "
            + occupantOf(broker, book) + ", whose state is newer";
      case TOO_MANY_BROKERS ->
        "the name server has as many brokers as it takes, "
            + settings.routeLimits().brokers();
      case TOO_MANY_TOPICS_OF_BROKER ->
        "the broker '" + broker.brokerName() + "' would have more topics than one broker may, "
            + settings.routeLimits().topicsOfBroker();
      case TOO_MANY_TOPICS ->
        "the name server would have more topics than it takes, "
            + settings.routeLimits().topics() + ", or those of each broker counted, "
            + settings.routeLimits().entries();
    };
  }

  private static String occupantOf(BrokerMember broker, RouteBook book) {
    RouteBook.Occupant occupant = book.occupant(broker);
    return occupant == null ? "another" : "the one at " + occupant.address();
  }

  private static Reply refused(String remark) {
    return Reply.refused(ResponseCode.SYSTEM_ERROR, remark);
  }
}
