package io.escrowmq.namesrv;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A connection without a network: it is open until it is closed. */
final class FakeConnection implements Connection {

  private final List<Runnable> onClose = new ArrayList<>();
  private boolean open = true;

  @Override
  public InetSocketAddress remoteAddress() {
    return InetSocketAddress.createUnresolved("peer.test", 50_000);
  }

  @Override
  public InetSocketAddress localAddress() {
    return InetSocketAddress.createUnresolved("namesrv.test", 9876);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void notify(Request request) {}

  @Override
  public CompletionStage<Answer> call(Request request, Duration timeout) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("nobody answers"));
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
