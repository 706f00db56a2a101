package io.escrowmq.bench.load;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One topic as the loads see it, through whatever client library. Any thread. A send that fails throws what its library
 * throws; the ids are a broker's message ids, or null where the library has none that tells a position in the log.
 */
interface Target {
  int BODY_BYTES = 1024;

  /** 1 KiB of noise, made once, so that nothing on the way can compress it. Not to be changed. */
  byte[] BODY = Noise.bytes(BODY_BYTES);

  /** Sends one message and waits for its acknowledgement. */
  @Nullable
  String send() throws Exception;

  /** Sends without waiting; exactly one of the outcome's methods is called, or this throws. */
  void sendAsync(byte[] body, Outcome outcome) throws Exception;

  /** Sends so many messages in one request and waits for their acknowledgement. */
  @Nullable
  String sendBatch(int size) throws Exception;

  /** Starts a consumer of a group nobody used before, at the first message; the caller closes it. */
  AutoCloseable consume(Consumer<byte[]> each) throws Exception;

  /** What becomes of a message that is sent without waiting. */
  interface Outcome {
    void acknowledged(@Nullable String messageId);

    void failed(Throwable cause);
  }
}
