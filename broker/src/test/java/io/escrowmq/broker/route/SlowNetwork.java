package io.escrowmq.broker.route;

import io.escrowmq.namesrv.TurnedNamesrv;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A network between a broker and real name servers on which nothing moves by itself. Connections keep
 * the order of their requests; what a broken one carries may still arrive. Each broker has its own, to
 * the same name servers.
 */
final class SlowNetwork implements RemotingClient {

  private record PendingCall(RequestCode code, FakeCall call, CompletableFuture<Answer> answer) {}

  /** One connection to one name server. */
  private static final class Link {
    final FakeConnection connection = new FakeConnection();
    final TurnedNamesrv server;
    final Deque<PendingCall> onTheWay = new ArrayDeque<>();
    final Deque<PendingCall> taken = new ArrayDeque<>();
    final Set<RequestCode> unknown;

    Link(TurnedNamesrv server, Set<RequestCode> unknown) {
      this.server = server;
      this.unknown = unknown;
    }
  }

  private final InstantSource clock;
  private final Map<String, TurnedNamesrv> servers;
  private final Map<String, Set<RequestCode>> unknown;
  private final Map<String, Link> links = new TreeMap<>();
  private final List<Link> broken = new ArrayList<>();
  private final Map<String, Runnable> watchers = new HashMap<>();

  SlowNetwork(InstantSource clock, List<String> addresses) {
    this(clock, new TreeMap<>(), new HashMap<>());
    addresses.forEach(address -> servers.put(address, new TurnedNamesrv(clock::millis)));
  }

  private SlowNetwork(
      InstantSource clock,
      Map<String, TurnedNamesrv> servers,
      Map<String, Set<RequestCode>> unknown) {
    this.clock = clock;
    this.servers = servers;
    this.unknown = unknown;
  }

  /** That of another broker, to the same name servers. */
  SlowNetwork ofAnother() {
    return new SlowNetwork(clock, servers, unknown);
  }

  TurnedNamesrv server(String address) {
    TurnedNamesrv server = servers.get(address);
    if (server == null) {
      throw new AssertionError("no name server at " + address);
    }
    return server;
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    Link link = links.computeIfAbsent(
        address, key -> new Link(server(address), unknown.getOrDefault(address, Set.of())));
    PendingCall pending = new PendingCall(
        request.code(), new FakeCall(request, link.connection), new CompletableFuture<>());
    link.onTheWay.add(pending);
    return pending.answer;
  }

  /** The next request of this connection arrives, if the other end is still there. */
  boolean deliver(String address) {
    Link link = links.get(address);
    if (link != null && !isThere(link, address)) {
      return lose(address);
    }
    return link != null && deliver(link);
  }

  private boolean isThere(Link link, String address) {
    return link.connection.isOpen() && link.server == server(address);
  }

  private static boolean deliver(Link link) {
    PendingCall next = link.onTheWay.poll();
    if (next == null) {
      return false;
    }
    if (link.unknown.contains(next.code)) {
      next.call.reply(Reply.refused(ResponseCode.REQUEST_CODE_NOT_SUPPORTED, "unknown"));
    } else {
      link.server.take(next.call);
    }
    link.taken.add(next);
    return true;
  }

  /** The name server does not know these requests: it is one of RocketMQ's. */
  void lacks(String address, Set<RequestCode> codes) {
    unknown.put(address, codes);
  }

  /** What the name server has answered on this connection arrives. */
  boolean answer(String address) {
    Link link = links.get(address);
    boolean any = false;
    while (link != null && !link.taken.isEmpty() && link.taken.element().call.isAnswered()) {
      PendingCall answered = link.taken.remove();
      any |= answered.answer.complete(answer(answered.call));
    }
    return any;
  }

  private static Answer answer(FakeCall call) {
    Body body = call.reply().body();
    ByteBuffer bytes = ByteBuffer.allocate(body.length());
    body.writeTo(bytes);
    FakeCall fields = new FakeCall(RequestCode.REGISTER_BROKER);
    call.replyFields().forEach(fields::with);
    return new Answer(
        call.replyCode().number(), 513, call.reply().remark(), fields.fields(), bytes.array());
  }

  /** The broker gives up waiting; the request may arrive all the same, or be done already. */
  boolean timeOut(String address) {
    Link link = links.get(address);
    boolean any = false;
    if (link != null) {
      for (Deque<PendingCall> waiting : List.of(link.onTheWay, link.taken)) {
        for (PendingCall pending : List.copyOf(waiting)) {
          any |= fail(pending, Reason.TIMED_OUT);
        }
      }
    }
    return any;
  }

  /** The broker sees the end of this connection; the name server sees it later. */
  boolean lose(String address) {
    Link link = links.remove(address);
    if (link == null) {
      return false;
    }
    broken.add(link);
    link.onTheWay.forEach(pending -> fail(pending, Reason.CONNECTION_CLOSED));
    link.taken.forEach(pending -> fail(pending, Reason.CONNECTION_CLOSED));
    watchers.getOrDefault(address, () -> {}).run();
    return true;
  }

  boolean hasLost() {
    return !broken.isEmpty();
  }

  /** One more request of a connection that is lost arrives. */
  boolean deliverLost(int index) {
    return hasLost() && deliver(broken.get(index % broken.size()));
  }

  /** The name server sees the end of a connection; what was on its way is lost. */
  boolean closeLost(int index) {
    if (!hasLost()) {
      return false;
    }
    broken.remove(index % broken.size()).connection.close();
    return true;
  }

  /** The name server never sees the end of a connection; what was on its way is lost. */
  boolean forgetLost(int index) {
    return hasLost() && broken.remove(index % broken.size()) != null;
  }

  /** The name server forgets everything. Other brokers notice when they speak to it. */
  void restart(String address) {
    servers.put(address, new TurnedNamesrv(clock::millis));
    lose(address);
  }

  /** Both ends see what is lost, all that is under way arrives and is answered. */
  void calm() {
    for (String address : servers.keySet()) {
      server(address).turn();
      Link link = links.get(address);
      if (link != null && !isThere(link, address)) {
        lose(address);
      }
    }
    while (hasLost()) {
      closeLost(0);
    }
    for (String address : servers.keySet()) {
      server(address).turn();
      while (deliver(address)) {
        // until nothing is under way
      }
      server(address).turn();
      answer(address);
    }
  }

  private static boolean fail(PendingCall pending, Reason reason) {
    return pending.answer.completeExceptionally(
        new RemotingException(reason, "as the test wants it"));
  }

  @Override
  public void notify(String address, Request request) {
    throw new AssertionError("one-way requests are not expected here");
  }

  @Override
  public void onLost(String address, Runnable action) {
    watchers.put(address, action);
  }

  @Override
  public boolean isNetworkThread() {
    return false;
  }

  @Override
  public void close() {}
}
