package io.escrowmq.namesrv;

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
    requests = NamesrvRequests.table(loop, settings);
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

  /** All topics, with the queues and the permission that the first broker has. */
  public Map<String, String> topics() {
    Map<String, String> topics = new TreeMap<>();
    for (String topic : loop.image().topics()) {
      byte[] route = loop.image().encodedRoute(topic);
      QueueEntry first =
          TopicRoute.read(route == null ? new byte[0] : route).queues().get(0);
      topics.put(topic, first.readQueues() + " " + first.writeQueues() + " " + first.permission());
    }
    return topics;
  }
}
