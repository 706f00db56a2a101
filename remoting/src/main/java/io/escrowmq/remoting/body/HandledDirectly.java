package io.escrowmq.remoting.body;

import org.jspecify.annotations.Nullable;

/**
 * What came of a message that a consumer had to handle now (CONSUME_MESSAGE_DIRECTLY). Written only:
 * brokers pass it on as it is.
 *
 * @param inOrder whether the consumer handles its queues in order
 * @param remark what an operator should know beside, such as an exception
 * @param tookMillis the handler's time
 */
public record HandledDirectly(
    boolean inOrder, Result result, @Nullable String remark, long tookMillis) implements JsonBody {

  /** How the handler ended; the names are the wire's. */
  public enum Result {
    CR_SUCCESS,
    /** It wants the message again, or gives it up. */
    CR_LATER,
    CR_THROW_EXCEPTION
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("autoCommit", true)
        .member("consumeResult", result.name())
        .member("order", inOrder)
        .member("remark", remark)
        .member("spentTimeMills", tookMillis)
        .endObject();
  }
}
