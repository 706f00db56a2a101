package io.escrowmq.server;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.netty.NettyNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A name server and a broker in one real server, which answers what the test says. */
final class TestCluster implements AutoCloseable {

  private final Map<RequestCode, Function<Call, Reply>> answers = new ConcurrentHashMap<>();
  private final Map<String, String> masters = new ConcurrentHashMap<>();
  private final RemotingServer server = new NettyNetwork()
      .server(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          bound -> RequestTable.of(Arrays.stream(RequestCode.values())
              .map(code -> RequestTable.on(
                  code, HeaderReader.RAW, Permission.CONNECT, (call, header) -> serve(call)))
              .toArray(RequestTable.Entry<?>[]::new)),
          RemotingSettings.forServer(1));

  TestCluster() {
    server.start();
    answer(RequestCode.GET_BROKER_CLUSTER_INFO, call -> Reply.ok(clusters().toBytes()));
  }

  private void serve(Call call) {
    Function<Call, Reply> answer = answers.get(RequestCode.of(call.code()));
    call.reply(
        answer == null
            ? Reply.refused(ResponseCode.SYSTEM_ERROR, "the test does not say what to answer")
            : answer.apply(call));
  }

  /** From now on, for every broker. */
  TestCluster answer(RequestCode code, Function<Call, Reply> answer) {
    answers.put(code, answer);
    return this;
  }

  TestCluster master(String name) {
    return master(name, address());
  }

  TestCluster master(String name, String address) {
    masters.put(name, address);
    return this;
  }

  String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  /** An address at which nobody listens. */
  static String nobody() {
    return "127.0.0.1:1";
  }

  /** The id of a half-message of the broker here. */
  String messageId(long position) {
    return String.format("7F000001%08X%016X", server.address().getPort(), position);
  }

  private ClusterTable clusters() {
    Map<String, BrokerEntry> brokers = new TreeMap<>();
    masters.forEach((name, address) ->
        brokers.put(name, new BrokerEntry("DefaultCluster", name, Map.of(0L, address), false)));
    return new ClusterTable(brokers, Map.of("DefaultCluster", List.copyOf(brokers.keySet())));
  }

  @Override
  public void close() {
    server.close();
  }
}
