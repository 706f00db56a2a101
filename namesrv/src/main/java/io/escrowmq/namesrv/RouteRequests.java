package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.namesrv.route.BrokerGroup;
import io.escrowmq.namesrv.route.RouteImage;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.JsonWriter;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerMemberGroupHeader;
import io.escrowmq.remoting.header.ClusterHeader;
import io.escrowmq.remoting.header.GetRouteHeader;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Questions about routes: answered on the event loop, from the image. */
final class RouteRequests {

  private static final int MOST_LIST_BYTES = RemotingSettings.DEFAULT_MAX_FRAME_BYTES - (1 << 10);

  private final RouteLoop loop;

  RouteRequests(RouteLoop loop) {
    this.loop = loop;
  }

  RequestTable table() {
    return RequestTable.of(
        on(
            RequestCode.GET_ROUTEINFO_BY_TOPIC,
            GetRouteHeader.FIELDS,
            Permission.CONNECT,
            this::route),
        on(
            RequestCode.GET_BROKER_CLUSTER_INFO,
            HeaderReader.RAW,
            Permission.INSPECT,
            (call, none) -> call.reply(Reply.ok(loop.image().clusterTable().toBytes()))),
        on(
            RequestCode.GET_BROKER_MEMBER_GROUP,
            BrokerMemberGroupHeader.FIELDS,
            Permission.INSPECT,
            this::members),
        on(
            RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
            HeaderReader.RAW,
            Permission.INSPECT,
            this::allTopics),
        on(
            RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS,
            HeaderReader.RAW,
            Permission.INSPECT,
            this::systemTopics),
        on(
            RequestCode.GET_TOPICS_BY_CLUSTER,
            ClusterHeader.FIELDS,
            Permission.INSPECT,
            (call, header) -> someTopics(call, image -> image.topicsOfCluster(header.cluster()))),
        on(
            RequestCode.GET_UNIT_TOPIC_LIST,
            HeaderReader.RAW,
            Permission.INSPECT,
            (call, none) -> someTopics(call, RouteImage::unitTopics)),
        on(
            RequestCode.GET_HAS_UNIT_SUB_TOPIC_LIST,
            HeaderReader.RAW,
            Permission.INSPECT,
            (call, none) -> someTopics(call, RouteImage::unitSubscriptionTopics)),
        on(
            RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST,
            HeaderReader.RAW,
            Permission.INSPECT,
            (call, none) -> someTopics(call, RouteImage::unitSubscriptionTopicsOutsideUnits)));
  }

  private void route(Call call, GetRouteHeader header) {
    RouteImage image = loop.image();
    byte[] route = image.encodedRoute(header.topic());
    if (route != null) {
      call.reply(Reply.ok(route));
      return;
    }
    call.reply(Reply.refused(
        ResponseCode.TOPIC_NOT_EXIST,
        "no broker has registered the topic '" + NameRules.shown(header.topic()) + "'; "
            + image.groups().size() + " brokers with " + image.topicCount()
            + " topics are registered here"));
  }

  private void members(Call call, BrokerMemberGroupHeader header) {
    BrokerGroup group = loop.image().group(header.brokerName());
    boolean isThere = group != null && group.cluster().equals(header.cluster());
    call.reply(Reply.ok(members(isThere ? group : null)));
  }

  /** {@code {"brokerMemberGroup":{…}}}, without the member when there is no such group. */
  private static byte[] members(@Nullable BrokerGroup group) {
    JsonWriter json = new JsonWriter().beginObject();
    if (group != null) {
      json.object(
          "brokerMemberGroup",
          member -> member
              .texts("brokerAddrs", group.addresses())
              .member("brokerName", group.brokerName())
              .member("cluster", group.cluster()));
    }
    return json.endObject().toBytes();
  }

  private void allTopics(Call call, Fields none) {
    if (loop.switches().allTopicList()) {
      call.reply(listed(loop.image().topics()));
    } else {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR, "enableAllTopicList of this name server is false"));
    }
  }

  private void someTopics(Call call, Function<RouteImage, List<String>> question) {
    if (loop.switches().topicLists()) {
      call.reply(listed(question.apply(loop.image())));
    } else {
      call.reply(
          Reply.refused(ResponseCode.SYSTEM_ERROR, "enableTopicList of this name server is false"));
    }
  }

  private static Reply listed(List<String> topics) {
    byte[] list = new TopicList(topics, null).toBytes();
    return list.length <= MOST_LIST_BYTES
        ? Reply.ok(list)
        : Reply.refused(
            ResponseCode.SYSTEM_ERROR,
            "the list of " + topics.size() + " topics has " + list.length + " bytes, at most "
                + MOST_LIST_BYTES + " fit an answer; ask each broker for its topics in pages"
                + " (request 21 with topicSeq and maxTopicNum)");
  }

  /** Clusters and brokers have topics of their names; the rest the asker gets from a broker. */
  private void systemTopics(Call call, Fields none) {
    RouteImage image = loop.image();
    Set<String> names = new TreeSet<>();
    for (Map.Entry<String, SortedSet<String>> cluster : image.clusters().entrySet()) {
      names.add(cluster.getKey());
      names.addAll(cluster.getValue());
    }
    Iterator<BrokerGroup> groups = image.groups().iterator();
    String someBroker = groups.hasNext() ? groups.next().firstAddress() : null;
    call.reply(Reply.ok(new TopicList(List.copyOf(names), someBroker).toBytes()));
  }
}
