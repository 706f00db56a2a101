package io.escrowmq.broker.replica;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.MapFields;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The requests of replicas without a network: the real leader's side answers, and a test may change what it says. */
final class LeaderOfTests implements RemotingClient, ReplicaCount {

  private record Pending(FakeCall call, CompletableFuture<Answer> answer) {}

  private final WaitingFetches fetches;
  private final ReplicaRequests requests;
  private final List<Pending> pending = new ArrayList<>();
  private FakeConnection connection = new FakeConnection();
  private UnaryOperator<Answer> change = UnaryOperator.identity();
  private int asked;
  private final Followers followers = new Followers(2);
  private final CommitLog log;
  private final ManualClock clock;

  LeaderOfTests(
      String group, ReplicaSecret secret, ManualClock clock, Chance chance, CommitLog log) {
    this.log = log;
    this.clock = clock;
    fetches = new WaitingFetches(clock.ticker(), () -> {});
    Surroundings machine = clock.surroundings();
    requests = new ReplicaRequests(
        group,
        secret,
        new Surroundings(machine.clock(), machine.ticker(), machine.loops(), chance),
        () -> new LedLog(log, this),
        fetches);
  }

  /** What becomes of each answer on its way. */
  void changing(UnaryOperator<Answer> answer) {
    change = answer;
  }

  /** How many requests came so far. */
  int asked() {
    return asked;
  }

  /** What the follower is known to have. */
  long committed() {
    return followers.committed();
  }

  @Override
  public void asks(Incarnation follower, long from, long safe) {
    followers.asks(follower.replica(), from, safe, log.written(), clock.ticker().millis());
  }

  @Override
  public void isGone(Incarnation follower) {
    // it comes again
  }

  @Override
  public @Nullable Refusal shortage() {
    return null;
  }

  FakeConnection connection() {
    return connection;
  }

  /** The follower comes over another connection from now on. */
  void connectAnew() {
    connection.close();
    connection = new FakeConnection();
  }

  /** The same, and the earlier one stays open. */
  void connectBeside() {
    connection = new FakeConnection();
  }

  /** Answers those fetches whose time has come. */
  void turn() {
    fetches.turn();
    for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
      Pending one = all.next();
      if (one.call().isAnswered()) {
        all.remove();
        one.answer().complete(change.apply(answer(one.call().reply())));
      }
    }
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    asked++;
    Pending one = new Pending(new FakeCall(request, connection), new CompletableFuture<>());
    pending.add(one);
    requests.table().dispatch(one.call());
    return one.answer();
  }

  private static Answer answer(Reply reply) {
    ByteBuffer body = ByteBuffer.allocate(reply.body().length());
    reply.body().writeTo(body);
    reply.body().release();
    return new Answer(
        reply.code().number(), 513, reply.remark(), MapFields.of(reply.header()), body.array());
  }

  @Override
  public void notify(String address, Request request) {
    throw new AssertionError("a follower asks, and tells nothing");
  }

  @Override
  public void onLost(String address, Runnable action) {
    throw new AssertionError("a follower learns from its requests that a leader is lost");
  }

  @Override
  public boolean isNetworkThread() {
    return false;
  }

  @Override
  public void close() {
    connection.close();
  }
}
