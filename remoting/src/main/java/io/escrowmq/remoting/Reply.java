package io.escrowmq.remoting;

import io.escrowmq.remoting.code.ResponseCode;
import org.jspecify.annotations.Nullable;

/** What a handler answers. Immutable. */
public record Reply(ResponseCode code, @Nullable String remark, WireHeader header, Body body) {

  private static final Reply OK = ok(WireHeader.NONE, Body.EMPTY);

  public static Reply ok() {
    return OK;
  }

  public static Reply ok(WireHeader header) {
    return ok(header, Body.EMPTY);
  }

  public static Reply ok(byte[] body) {
    return ok(WireHeader.NONE, Body.of(body));
  }

  public static Reply ok(WireHeader header, Body body) {
    return new Reply(ResponseCode.SUCCESS, null, header, body);
  }

  /** The remark names the value, the limit and the way out. */
  public static Reply refused(ResponseCode code, String remark) {
    return new Reply(code, remark, WireHeader.NONE, Body.EMPTY);
  }
}
