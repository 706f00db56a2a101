package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;

/** A request that we send: to a name server, to a broker, or over a client's own connection. */
public record Request(RequestCode code, WireHeader header, Body body) {

  public static Request of(RequestCode code, WireHeader header) {
    return new Request(code, header, Body.EMPTY);
  }
}
