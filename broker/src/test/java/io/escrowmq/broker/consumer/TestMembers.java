package io.escrowmq.broker.consumer;

import io.escrowmq.remoting.Connection;

/** Clients for tests of other packages. */
public final class TestMembers {

  private TestMembers() {}

  /** A Java client of this id. */
  public static Member of(String clientId, Connection connection, long nowMillis) {
    return new Member(clientId, connection, "JAVA", 513, nowMillis);
  }
}
