package io.escrowmq.remoting;

import java.nio.ByteBuffer;

/**
 * One request that arrived, from the event loop to its answer.
 *
 * <p>A handler may answer at once or later, from any thread, exactly once; a second answer is
 * ignored, and so is any answer to a one-way request. What is not sent is released all the same. {@link
 * #body()} lies in the network's own buffer: it is valid only until the handler returns, so what is
 * needed later must be copied out; all else of a call stays valid.
 *
 * <p>A handler that throws is answered for: {@link BadInputException} with its code, any other exception
 * with SYSTEM_ERROR and its name. The connection goes on.
 */
public interface Call {

  /** The request code on the wire. */
  int code();

  /** The sender's protocol version, 0 when it sent none. */
  int version();

  /** The sender's language, as the wire names it; "JAVA" when it sent none. */
  String language();

  /** True when the sender wants no answer; replies are then dropped. */
  boolean isOneWay();

  Fields fields();

  /** The body, read-only, valid until the handler returns; empty when there is none. */
  ByteBuffer body();

  Connection connection();

  /** Answers. Never blocks; answers to a closed connection are dropped and released. */
  void reply(Reply reply);

  /**
   * Says that answering this call was much work for the event loop, which serves other connections
   * too: their requests come before the next one of this connection. Only on its event loop, while a
   * request is handled or a task runs.
   */
  void giveWay();

  /** A copy of the body, for bodies that are parsed. */
  default byte[] bodyBytes() {
    ByteBuffer body = body();
    byte[] bytes = new byte[body.remaining()];
    body.get(body.position(), bytes);
    return bytes;
  }
}
