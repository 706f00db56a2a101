package io.escrowmq.replication;

/**
 * One opening of one replica's directory. The replica counts its openings and makes each number durable before it
 * uses it, so an acknowledgement of an earlier opening is told from one of today's.
 */
public record Incarnation(int replica, long number) {

  public Incarnation {
    if (replica < 1 || number < 1) {
      throw new IllegalArgumentException(
          "replica " + replica + ", incarnation " + number + ": both are counted from 1");
    }
  }

  @Override
  public String toString() {
    return replica + "." + number;
  }
}
