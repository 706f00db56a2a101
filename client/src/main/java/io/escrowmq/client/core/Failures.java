package io.escrowmq.client.core;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.NotConnectedException;
import io.escrowmq.client.NotPermittedException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.RequestTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes typed exceptions of what servers answer and of what the network does. */
public final class Failures {

  private Failures() {}

  /**
   * What a refusing answer means.
   *
   * @param what was asked, as the beginning of a sentence: "sending to orders"
   */
  public static EscrowException refused(String what, String server, Answer answer) {
    String said = answer.remark() == null ? "without a reason" : answer.remark();
    String sentence = what + " was refused by " + server + " (code " + answer.code() + "): " + said;
    ResponseCode code = ResponseCode.of(answer.code());
    if (code == null) {
      return new ServerRefusedException(sentence, server, answer.code(), true);
    }
    return switch (code) {
      case REQUEST_CODE_NOT_SUPPORTED ->
        new UnsupportedByServerException(
            sentence + "; the server does not know this request, use an EscrowMQ broker for it",
            server,
            null);
      case SYSTEM_BUSY, SERVICE_NOT_AVAILABLE, FLOW_CONTROL ->
        new NotWritableException(sentence + "; try again later", server, null);
      case MESSAGE_ILLEGAL -> new MessageRefusedException(sentence, server, null);
      case NO_PERMISSION -> new NotPermittedException(sentence, server, null);
      case TOPIC_NOT_EXIST -> new TopicNotFoundException(sentence, server, null);
      default ->
        new ServerRefusedException(
            sentence, server, answer.code(), code == ResponseCode.SYSTEM_ERROR);
    };
  }

  /** What a lost or unanswered request means. */
  public static EscrowException lost(String what, String server, Throwable cause) {
    Throwable found = unwrapped(cause);
    if (found instanceof EscrowException known) {
      return known;
    }
    Reason reason =
        found instanceof RemotingException remoting ? remoting.reason() : Reason.CONNECTION_CLOSED;
    String why = what + ": " + found.getMessage();
    return switch (reason) {
      case NOT_CONNECTED -> new NotConnectedException(why, server, found);
      case TOO_MANY_PENDING -> new OverloadedException(why, server, found);
      case NOT_WRITABLE -> new MessageRefusedException(why + "; send less", server, found);
      case TIMED_OUT, CONNECTION_CLOSED ->
        new RequestTimeoutException(why + "; it may have happened", server, found);
    };
  }

  /** Whether the request cannot have reached the server. */
  public static boolean wasNotSent(Throwable cause) {
    return unwrapped(cause) instanceof RemotingException remoting
        && switch (remoting.reason()) {
          case NOT_CONNECTED, TOO_MANY_PENDING, NOT_WRITABLE -> true;
          case TIMED_OUT, CONNECTION_CLOSED -> false;
        };
  }

  /** The broker of this queue has left every route. */
  public static NotConnectedException noBroker(TopicQueue queue) {
    return new NotConnectedException(
        "no address is known of the broker " + queue.brokerName() + ", which has " + queue
            + "; it may be restarting",
        null,
        null);
  }

  /** What is closed already. */
  public static ClosedException closed(String what) {
    return new ClosedException(what + " is closed; make a new one", null, null);
  }

  /** The failure itself, out of what stages wrap around it. */
  public static Throwable unwrapped(Throwable failure) {
    Throwable found = failure;
    @Nullable Throwable inner = found.getCause();
    while (inner != null
        && (found instanceof CompletionException || found instanceof ExecutionException)) {
      found = inner;
      inner = found.getCause();
    }
    return found;
  }
}
