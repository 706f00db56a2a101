package io.escrowmq.namesrv.route;

/** A broker's count of the changes to its topics. Immutable. */
public record DataVersion(long stateVersion, long timestamp, long counter) {

  /** Of a broker that told none. */
  public static final DataVersion NONE = new DataVersion(0, 0, 0);
}
