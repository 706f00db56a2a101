package io.escrowmq.namesrv;

import static java.util.stream.Collectors.joining;

import io.escrowmq.namesrv.kv.KvConfig;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.runtime.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A name server without network and threads, for tests of a broker: the test turns its loop. */
public final class TurnedNamesrv {

  private final RouteLoop loop;
  private final RequestTable requests;

  public TurnedNamesrv(Ticker ticker) {
    NamesrvSettings settings =
        NamesrvSettings.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null);
    loop = new RouteLoop(
        ticker,
        new RouteBook(settings.routeLimits()),
        KvConfig.open(KvFile.forgetful(), settings.kvLimits()),
        new Switches(settings.orderTopics(), true, true),
        () -> {});
    requests = NamesrvRequests.table(loop, settings, RequestTable.of());
  }

  /** Takes a request in; it is answered in a later turn. */
  public FakeCall take(Request request, Connection connection) {
    FakeCall call = new FakeCall(request, connection);
    take(call);
    return call;
  }

  public void take(FakeCall call) {
    requests.dispatch(call);
  }

  public void turn() {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }

  /** All topics, with the queues and the permission that each of their brokers has. */
  public Map<String, String> topics() {
    Map<String, String> topics = new TreeMap<>();
    for (String topic : loop.image().topics()) {
      byte[] route = loop.image().encodedRoute(topic);
      List<QueueEntry> all =
          TopicRoute.read(route == null ? new byte[0] : route).queues();
      topics.put(topic, all.stream().map(TurnedNamesrv::shown).sorted().collect(joining(", ")));
    }
    return topics;
  }

  private static String shown(QueueEntry queues) {
    return shown(
        queues.brokerName(), queues.readQueues(), queues.writeQueues(), queues.permission());
  }

  /** One broker's part of a topic, as {@link #topics()} shows it. */
  public static String shown(String broker, int readQueues, int writeQueues, int permission) {
    return broker + " " + readQueues + " " + writeQueues + " " + permission;
  }
}
