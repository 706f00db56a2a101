package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.Request;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request of ours, from the caller to the wire and, unless it is one-way, to its answer. */
final class OutgoingRequest extends OutboxTask {

  final Request request;
  final int opaque;
  final long askedNanos; // on the loop's clock, as the next
  final long deadlineNanos;
  final @Nullable CompletableFuture<Answer> answer; // null when none is wanted
  private final NettyConnection connection;

  OutgoingRequest(
      NettyConnection connection,
      Request request,
      int opaque,
      long askedNanos,
      long deadlineNanos,
      @Nullable CompletableFuture<Answer> answer) {
    this.connection = connection;
    this.request = request;
    this.opaque = opaque;
    this.askedNanos = askedNanos;
    this.deadlineNanos = deadlineNanos;
    this.answer = answer;
  }

  @Override
  void run() {
    connection.writeRequest(this);
  }

  @Override
  void discard() {
    request.body().release();
    fail(Reason.NOT_CONNECTED, "the network was closed");
  }

  void fail(Reason reason, String why) {
    if (answer != null) {
      answer.completeExceptionally(new RemotingException(
          reason, request.code() + " to " + connection.remoteAddress() + ": " + why));
    }
  }
}
