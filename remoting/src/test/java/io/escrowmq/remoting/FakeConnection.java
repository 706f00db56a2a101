package io.escrowmq.remoting;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A connection without a network: keeps what it was asked to send, answers as the test says. */
public final class FakeConnection implements Connection {

  private final int port;
  private final List<Request> notified = new ArrayList<>();
  private final List<Request> called = new ArrayList<>();
  private final List<Runnable> onClose = new ArrayList<>();
  private Function<Request, CompletionStage<Answer>> peer =
      request -> failed(RemotingException.Reason.TIMED_OUT);
  private boolean open = true;

  /** A connection from this port of the loopback address. */
  public FakeConnection(int port) {
    this.port = port;
  }

  public FakeConnection() {
    this(40_000);
  }

  /** What the peer answers to calls. */
  public void answering(Function<Request, Answer> answer) {
    peer = request -> CompletableFuture.completedFuture(answer.apply(request));
  }

  /** What the peer answers to calls, when it does. */
  public void answeringLater(Function<Request, CompletionStage<Answer>> answer) {
    peer = answer;
  }

  /** Calls fail for this reason. */
  public void failing(RemotingException.Reason reason) {
    peer = request -> failed(reason);
  }

  private static CompletionStage<Answer> failed(RemotingException.Reason reason) {
    return CompletableFuture.failedFuture(new RemotingException(reason, "as the test wants it"));
  }

  /** Requests that were sent and want no answer, in their order. */
  public List<Request> notified() {
    return notified;
  }

  /** Requests that were sent and want an answer, in their order. */
  public List<Request> called() {
    return called;
  }

  /** How many actions wait for its end. */
  public int watchers() {
    return onClose.size();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void notify(Request request) {
    if (open) {
      notified.add(request);
    }
  }

  @Override
  public CompletionStage<Answer> call(Request request, Duration timeout) {
    called.add(request);
    return open ? peer.apply(request) : failed(RemotingException.Reason.CONNECTION_CLOSED);
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void onClose(Runnable action) {
    if (open) {
      onClose.add(action);
    } else {
      action.run();
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      onClose.forEach(Runnable::run);
    }
  }
}
