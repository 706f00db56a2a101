package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.namesrv.kv.KvConfig;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.RegisterBrokerHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A whole name server but for network and threads: the test turns the loop and sets the clock. */
final class ByHand {

  private long nowMillis = 1_000_000;

  final NamesrvSettings settings;
  final RouteLoop loop;
  private final RequestTable requests;

  ByHand() {
    this(
        NamesrvSettings.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null),
        KvFile.forgetful());
  }

  ByHand(NamesrvSettings settings, KvFile file) {
    this.settings = settings;
    loop = new RouteLoop(
        () -> nowMillis,
        new RouteBook(settings.routeLimits()),
        KvConfig.open(file, settings.kvLimits()),
        new Switches(settings.orderTopics(), true, true),
        () -> {});
    requests = NamesrvRequests.table(loop, settings, RequestTable.of());
  }

  /** Lets the seconds pass one by one. */
  void advance(long seconds) {
    for (long i = 0; i < seconds; i++) {
      nowMillis += 1_000;
      loop.turn();
    }
  }

  /** Hands the request in without turning the loop. */
  FakeCall send(Connection connection, RequestCode code, WireHeader header, byte[] body) {
    FakeCall call = new FakeCall(new Request(code, header, Body.of(body)), connection);
    requests.dispatch(call);
    return call;
  }

  FakeCall call(RequestCode code, WireHeader header) {
    return call(new FakeConnection(), code, header, "");
  }

  FakeCall call(Connection connection, RequestCode code, WireHeader header, String body) {
    FakeCall call = send(connection, code, header, body.getBytes(UTF_8));
    loop.turn();
    return call;
  }

  FakeCall route(String topic) {
    return call(RequestCode.GET_ROUTEINFO_BY_TOPIC, new GetRouteHeader(topic, true));
  }

  FakeCall register(Connection connection, String name, long id, String body) {
    return call(connection, RequestCode.REGISTER_BROKER, header(name, id), body);
  }

  static RegisterBrokerHeader header(String name, long id) {
    return new RegisterBrokerHeader(
        name,
        name + "-" + id + ".test:10911",
        "DefaultCluster",
        name + "-" + id + ".test:10912",
        id,
        120_000,
        false,
        false,
        0,
        false,
        null);
  }

  /** A registration as namesrv.md 4.2 shows it, of topics with four queues. */
  static String topics(int version, String... names) {
    StringBuilder topics = new StringBuilder();
    for (String name : names) {
      topics
          .append(topics.length() == 0 ? "" : ",")
          .append("\"" + name + "\":{\"attributes\":{},\"order\":false,\"perm\":6,"
              + "\"readQueueNums\":4,\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"" + name
              + "\",\"topicSysFlag\":0,\"writeQueueNums\":4}");
    }
    return "{\"filterServerList\":[],\"topicConfigSerializeWrapper\":{\"dataVersion\":{\"counter\":"
        + version + ",\"stateVersion\":0,\"timestamp\":1700000000000},\"mappingDataVersion\":"
        + "{\"counter\":0,\"stateVersion\":0,\"timestamp\":1700000000000},\"topicConfigTable\":{"
        + topics + "},\"topicQueueMappingDetailMap\":{},\"topicQueueMappingInfoMap\":{}}}";
  }
}
