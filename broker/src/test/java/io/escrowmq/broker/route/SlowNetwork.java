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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A network between a broker and real name servers on which nothing moves by itself. Connections keep
 * the order of their requests; what a broken one carries may still arrive.
 */
final class SlowNetwork implements RemotingClient {

  private record Pending(RequestCode code, FakeCall call, CompletableFuture<Answer> answer) {}

  /** One connection to one name server. */
  private static final class Link {
    final FakeConnection connection = new FakeConnection();
    final TurnedNamesrv server;
    final Deque<Pending> onTheWay = new ArrayDeque<>();
    final Deque<Pending> taken = new ArrayDeque<>();
    final Set<RequestCode> unknown;

    Link(TurnedNamesrv server, Set<RequestCode> unknown) {
      this.server = server;
      this.unknown = unknown;
    }
  }

  private final InstantSource clock;
  private final Map<String, TurnedNamesrv> servers = new HashMap<>();
  private final Map<String, Set<RequestCode>> unknown = new HashMap<>();
  private final Map<String, Link> links = new HashMap<>();
  private final List<Link> broken = new ArrayList<>();
  private final Map<String, Runnable> watchers = new HashMap<>();

  SlowNetwork(InstantSource clock, List<String> addresses) {
    this.clock = clock;
    addresses.forEach(address -> servers.put(address, new TurnedNamesrv(clock::millis)));
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
    Pending pending = new Pending(
        request.code(), new FakeCall(request, link.connection), new CompletableFuture<>());
    link.onTheWay.add(pending);
    return pending.answer;
  }

  /** The next request of this connection arrives. */
  void deliver(String address) {
    Link link = links.get(address);
    if (link != null) {
      deliver(link);
    }
  }

  private static void deliver(Link link) {
    Pending next = link.onTheWay.poll();
    if (next != null) {
      if (link.unknown.contains(next.code)) {
        next.call.reply(Reply.refused(ResponseCode.REQUEST_CODE_NOT_SUPPORTED, "unknown"));
      } else {
        link.server.take(next.call);
      }
      link.taken.add(next);
    }
  }

  /** The name server does not know these requests: it is one of RocketMQ's. */
  void lacks(String address, Set<RequestCode> codes) {
    unknown.put(address, codes);
  }

  /** What the name server has answered on this connection arrives. */
  void answer(String address) {
    Link link = links.get(address);
    while (link != null && !link.taken.isEmpty() && link.taken.element().call.isAnswered()) {
      Pending answered = link.taken.remove();
      answered.answer.complete(answer(answered.call));
    }
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

  /** The broker gives up waiting; the request may arrive all the same. */
  void timeOut(String address) {
    Link link = links.get(address);
    if (link != null) {
      List.copyOf(link.onTheWay).forEach(pending -> fail(pending, Reason.TIMED_OUT));
      List.copyOf(link.taken).forEach(pending -> fail(pending, Reason.TIMED_OUT));
    }
  }

  /** The broker sees the end of this connection; the name server sees it later. */
  void lose(String address) {
    Link link = links.remove(address);
    if (link != null) {
      broken.add(link);
      link.onTheWay.forEach(pending -> fail(pending, Reason.CONNECTION_CLOSED));
      link.taken.forEach(pending -> fail(pending, Reason.CONNECTION_CLOSED));
      watchers.getOrDefault(address, () -> {}).run();
    }
  }

  /** One more request of a connection that is lost arrives. */
  void deliverLost(int index) {
    if (!broken.isEmpty()) {
      deliver(broken.get(index % broken.size()));
    }
  }

  /** The name server sees the end of a connection; what was on its way is lost. */
  void closeLost(int index) {
    if (!broken.isEmpty()) {
      broken.remove(index % broken.size()).connection.close();
    }
  }

  /** The name server forgets everything. */
  void restart(String address) {
    servers.put(address, new TurnedNamesrv(clock::millis));
    lose(address);
  }

  /** All that is under way arrives and is answered. */
  void calm() {
    while (!broken.isEmpty()) {
      closeLost(0);
    }
    for (String address : servers.keySet()) {
      server(address).turn();
      for (Link link = links.get(address); link != null && !link.onTheWay.isEmpty(); ) {
        deliver(link);
      }
      server(address).turn();
      answer(address);
    }
  }

  private static void fail(Pending pending, Reason reason) {
    pending.answer.completeExceptionally(new RemotingException(reason, "as the test wants it"));
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
