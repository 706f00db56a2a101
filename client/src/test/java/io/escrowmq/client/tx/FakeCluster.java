package io.escrowmq.client.tx;

import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.send.OpenRequests;
import io.escrowmq.client.send.Sender;
import io.escrowmq.client.send.WaitingReplies;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.body.JsonBody;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/**
 * A name server and brokers in memory, instead of the network: answers at once, on the caller's thread,
 * unless the test wants a request or an answer to get lost.
 */
public final class FakeCluster implements RemotingClient {

  /** What becomes of a request. */
  public enum Fate {
    ANSWERED,
    NOT_SENT,
    /** The broker does it; nobody hears of that. */
    ANSWER_LOST,
    /** The broker does it, and answers when the test says so. */
    ANSWER_LATE,
    /** The broker refuses it for the moment. */
    BUSY
  }

  private static final String NAME_SERVER = "names:9876";

  private final Map<String, FakeBroker> brokers = new TreeMap<>(); // by address
  private final Map<String, List<String>> topics = new LinkedHashMap<>(); // to addresses
  private final List<String> log = new ArrayList<>(); // "address code", in their order
  private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
  private final ManualTimer timer = new ManualTimer();
  private volatile BiFunction<String, RequestCode, Fate> fates = (address, code) -> Fate.ANSWERED;

  /** Adds a broker of this name; its address is the name with a port. */
  public FakeBroker broker(String name) {
    FakeBroker broker = new FakeBroker(name, timer);
    brokers.put(broker.address(), broker);
    return broker;
  }

  /** Has the topic be served by these brokers, two queues each. */
  public void topic(String topic, FakeBroker... servedBy) {
    topics.put(topic, List.of(servedBy).stream().map(FakeBroker::address).toList());
  }

  /** Has all answers come that are late. */
  public void answerNow() {
    for (Runnable answer = late.poll(); answer != null; answer = late.poll()) {
      answer.run();
    }
  }

  /** Settles what becomes of requests from now on. */
  public void fates(BiFunction<String, RequestCode, Fate> of) {
    fates = of;
  }

  public ManualTimer timer() {
    return timer;
  }

  /** How often a request of this code was sent. */
  public synchronized long count(RequestCode code) {
    return log.stream().filter(line -> line.endsWith(" " + code)).count();
  }

  /** What one client is made of. */
  public ClientParts partsOfAnotherClient() {
    NameServers names = new NameServers(this, List.of(NAME_SERVER), Duration.ofSeconds(3));
    Routes routes = new Routes(names, timer, Duration.ofSeconds(30));
    Presence presence = new Presence(
        this, timer, routes, "client-1", Duration.ofSeconds(30), Duration.ofSeconds(3));
    return new ClientParts(
        new Cluster(
            TestMachine.REAL.loops(),
            this,
            timer,
            routes,
            presence,
            new ServerRequests((header, body) -> {}),
            new BlockingCalls(TestMachine.REAL.loops(), this),
            Duration.ofSeconds(3)),
        new Sender(this, timer, routes),
        new OpenRequests(new WaitingReplies(), timer, TestMachine.REAL.chance(), routes, presence),
        new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, () -> java.time.Instant.EPOCH));
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    synchronized (this) {
      log.add(address + " " + request.code());
    }
    if (address.equals(NAME_SERVER)) {
      return CompletableFuture.completedFuture(lookUp(request));
    }
    return switch (fates.apply(address, request.code())) {
      case ANSWERED -> CompletableFuture.completedFuture(brokers.get(address).handle(request));
      case NOT_SENT ->
        CompletableFuture.failedFuture(
            new RemotingException(Reason.NOT_CONNECTED, "no connection to " + address));
      case ANSWER_LOST -> {
        brokers.get(address).handle(request);
        yield CompletableFuture.failedFuture(
            new RemotingException(Reason.TIMED_OUT, "no answer from " + address));
      }
      case ANSWER_LATE -> {
        Answer answer = brokers.get(address).handle(request);
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        late.add(() -> answered.complete(answer));
        yield answered;
      }
      case BUSY -> CompletableFuture.completedFuture(FakeBroker.refusal(ResponseCode.SYSTEM_BUSY));
    };
  }

  private Answer lookUp(Request request) {
    if (request.code() == RequestCode.GET_BROKER_CLUSTER_INFO) {
      Map<String, BrokerEntry> all = new TreeMap<>();
      brokers.values().forEach(broker -> all.put(broker.name(), entry(broker)));
      return FakeBroker.ok(json(new ClusterTable(all, Map.of())));
    }
    String topic = ((GetRouteHeader) request.header()).topic();
    List<String> addresses = topics.get(topic);
    if (addresses == null) {
      return FakeBroker.refusal(ResponseCode.TOPIC_NOT_EXIST);
    }
    List<FakeBroker> serving = addresses.stream().map(brokers::get).toList();
    return FakeBroker.ok(json(new TopicRoute(
        serving.stream()
            .map(broker -> new QueueEntry(broker.name(), 2, 2, 6, 0))
            .toList(),
        serving.stream().map(FakeCluster::entry).toList(),
        null)));
  }

  private static BrokerEntry entry(FakeBroker broker) {
    return new BrokerEntry("cluster", broker.name(), Map.of(0L, broker.address()), false);
  }

  private static byte[] json(JsonBody body) {
    return body.toBytes();
  }

  @Override
  public void notify(String address, Request request) {
    call(address, request, Duration.ofSeconds(3));
  }

  @Override
  public void onLost(String address, Runnable action) {}

  @Override
  public boolean isNetworkThread() {
    return false;
  }

  @Override
  public void close() {}
}
