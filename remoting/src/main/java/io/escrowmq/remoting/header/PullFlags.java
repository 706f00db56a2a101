package io.escrowmq.remoting.header;

/** Bits of a pull request's sysFlag. */
public final class PullFlags {

  /** The commit offset is to be stored. */
  public static final int COMMIT_OFFSET = 0x1;

  /** The request may wait for messages. */
  public static final int SUSPEND = 0x2;

  /** The subscription stands in the request itself. */
  public static final int SUBSCRIPTION = 0x4;

  public static final int CLASS_FILTER = 0x8;
  public static final int LITE_PULL = 0x10;

  /**
   * EscrowMQ's own: the client takes as many messages as it asks for, and not only the few that are
   * usual. Brokers of RocketMQ do not look at this bit.
   */
  public static final int ESCROW_MANY = 0x10000;

  private PullFlags() {}
}
