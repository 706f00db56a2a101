package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.Member;
import io.escrowmq.remoting.Connection;
import java.util.Map;
import java.util.Set;

/** Clients for tests of other packages. */
public final class TestMembers {

  private TestMembers() {}

  /** A Java client of this id. */
  public static Member of(String clientId, Connection connection, long nowMillis) {
    return new Member(clientId, connection, "JAVA", 513, nowMillis);
  }

  /** The record of a group whose members may not consume by broadcasting. */
  public static byte[] groupWithoutBroadcasting(long nowMillis, String name) {
    Group group =
        new Group(name, true, true, false, false, 1, 16, 0, 1, true, 0, 15, Map.of(), Set.of());
    return GroupRecords.changed(nowMillis, group);
  }
}
