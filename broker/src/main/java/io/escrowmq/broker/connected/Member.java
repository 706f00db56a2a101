package io.escrowmq.broker.connected;

import io.escrowmq.remoting.Connection;

/** One client in one group, on one connection. Immutable but for when it was heard of last, by the ticker. */
public final class Member {

  private final String clientId;
  private final Connection connection;
  private final String language;
  private final int version;
  private volatile long seenTick; // written by the registry

  public Member(
      String clientId, Connection connection, String language, int version, long seenTick) {
    this.clientId = clientId;
    this.connection = connection;
    this.language = language;
    this.version = version;
    this.seenTick = seenTick;
  }

  /** What the client calls itself; two clients may by mistake share one id. */
  public String clientId() {
    return clientId;
  }

  public Connection connection() {
    return connection;
  }

  /** As the wire names it: "JAVA", "CPP" ... */
  public String language() {
    return language;
  }

  /** The client's protocol version. */
  public int version() {
    return version;
  }

  public long seenTick() {
    return seenTick;
  }

  void seen(long tick) {
    seenTick = tick;
  }
}
