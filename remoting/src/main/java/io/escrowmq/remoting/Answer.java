package io.escrowmq.remoting;

import io.escrowmq.remoting.code.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * The peer's answer to a {@link Request}. Immutable.
 *
 * @param code the number on the wire; compare with {@code ResponseCode.X.number()}
 * @param version the peer's protocol version
 */
public record Answer(int code, int version, @Nullable String remark, Fields fields, byte[] body) {

  public boolean isOk() {
    return code == 0;
  }

  /** Whether the peer does not know what it was asked. */
  public boolean isNotSupported() {
    return code == ResponseCode.REQUEST_CODE_NOT_SUPPORTED.number();
  }
}
