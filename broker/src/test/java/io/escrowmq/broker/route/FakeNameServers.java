package io.escrowmq.broker.route;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Name servers without a network: keep what they were told, answer at once. */
final class FakeNameServers implements RemotingClient {

  /** One request, as it arrived. */
  record ReceivedRequest(
      String address, RequestCode code, Map<String, String> fields, byte[] body) {}

  final List<ReceivedRequest> told = new ArrayList<>();
  final Set<String> down = new HashSet<>();
  final Set<String> silent = new HashSet<>(); // they take everything and answer nothing
  final Set<String> forgetful = new HashSet<>(); // they say that they know something else
  final Set<RequestCode> unknown = new HashSet<>(); // none of them knows these requests
  final Set<String> confused = new HashSet<>(); // nobody can read what they answer
  final Set<String> unspeakable = new HashSet<>(); // not even a request to them can be made
  private final Map<String, Runnable> watchers = new HashMap<>();

  /** How often a name server was told something of this kind. */
  long count(String address, RequestCode code) {
    return told.stream()
        .filter(request -> request.address().equals(address) && request.code() == code)
        .count();
  }

  /** The connection breaks. */
  void lose(String address) {
    Runnable watcher = watchers.get(address);
    if (watcher != null) {
      watcher.run();
    }
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    if (down.contains(address)) {
      return CompletableFuture.failedFuture(
          new RemotingException(RemotingException.Reason.NOT_CONNECTED, address + " is down"));
    }
    if (unspeakable.contains(address)) {
      throw new IllegalStateException("no request can be made, as the test wants");
    }
    notify(address, request);
    if (confused.contains(address)) {
      return CompletableFuture.completedFuture(
          new Answer(0, 513, null, new UnreadableFields(), new byte[0]));
    }
    if (silent.contains(address)) {
      return new CompletableFuture<>();
    }
    if (unknown.contains(request.code())) {
      return CompletableFuture.completedFuture(new Answer(
          ResponseCode.REQUEST_CODE_NOT_SUPPORTED.number(),
          513,
          "unknown",
          new FakeCall(request.code()).fields(),
          new byte[0]));
    }
    FakeCall fields = new FakeCall(request.code()).with("changed", forgetful.contains(address));
    return CompletableFuture.completedFuture(
        new Answer(0, 513, null, fields.fields(), new byte[0]));
  }

  @Override
  public void notify(String address, Request request) {
    ByteBuffer body = ByteBuffer.allocate(request.body().length());
    request.body().writeTo(body);
    told.add(new ReceivedRequest(
        address, request.code(), FakeCall.textOf(request.header()), body.array()));
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

  private static final class UnreadableFields implements Fields {

    @Override
    public String text(String name) {
      throw new IllegalStateException("nobody can read " + name + ", as the test wants");
    }

    @Override
    public Map<String, String> toMap() {
      throw new IllegalStateException("nobody can read this, as the test wants");
    }
  }
}
