package io.escrowmq.broker.replica;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.namesrv.controller.ControllerLoop;
import io.escrowmq.namesrv.controller.ControllerRequests;
import io.escrowmq.namesrv.controller.FileConsensus;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.MapFields;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.secret.Greetings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.replication.GroupBook;
import io.escrowmq.runtime.TestMachine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A real controller without a network, at one address; at all others nobody answers. */
final class ControllerOfTests {

  static final String ADDRESS = "controller:1";

  final List<RequestCode> asked = new ArrayList<>();
  private final ReplicaSecret secret;
  private final ManualClock clock;
  private ControllerLoop loop;
  private ControllerRequests requests;

  ControllerOfTests(ReplicaSecret secret, ManualClock clock) {
    this.secret = secret;
    this.clock = clock;
    this.loop = forgetAll();
    this.requests = requests();
  }

  /** Another one is there, which knows no group. */
  void replace() {
    loop = forgetAll();
    requests = requests();
  }

  private ControllerLoop forgetAll() {
    return new ControllerLoop(
        clock.ticker(), FileConsensus.open(KvFile.forgetful(), () -> "cluster"), () -> {});
  }

  private ControllerRequests requests() {
    return new ControllerRequests(
        loop, new Greetings(secret, TestMachine.REAL.chance(), Side.CONTROLLER, Side.MEMBER));
  }

  GroupBook book() {
    return loop.book();
  }

  void turn() {
    loop.turn();
  }

  /** What one replica asks, over a connection of its own. */
  RemotingClient client() {
    return new Client();
  }

  private final class Client implements RemotingClient {

    private final FakeConnection connection = new FakeConnection();

    @Override
    public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
      if (!address.equals(ADDRESS)) {
        return CompletableFuture.failedFuture(new RemotingException(
            RemotingException.Reason.NOT_CONNECTED, "nobody is at " + address));
      }
      asked.add(request.code());
      FakeCall call = new FakeCall(request, connection);
      requests.table().dispatch(call);
      loop.turn();
      Reply reply = call.reply();
      ByteBuffer body = ByteBuffer.allocate(reply.body().length());
      reply.body().writeTo(body);
      return CompletableFuture.completedFuture(new Answer(
          reply.code().number(), 513, reply.remark(), MapFields.of(reply.header()), body.array()));
    }

    @Override
    public void notify(String address, Request request) {
      throw new AssertionError("a replica asks, and tells nothing");
    }

    @Override
    public void onLost(String address, Runnable action) {
      throw new AssertionError("a replica learns from its requests that a controller is lost");
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
}
