package io.escrowmq.namesrv.route;

/**
 * The queues that one broker offers for one topic. Immutable.
 *
 * @param perm bits as the protocol has them: 4 read, 2 write, 1 inherit
 * @param sysFlag bits as the protocol has them: 1 unit, 2 unit subscription
 */
public record TopicQueues(int readQueues, int writeQueues, int perm, int sysFlag) {

  private static final int WRITE = 2;
  private static final int READ_AND_WRITE = 6;
  private static final int UNIT = 1;
  private static final int UNIT_SUBSCRIPTION = 2;

  boolean isUnit() {
    return (sysFlag & UNIT) != 0;
  }

  boolean isUnitSubscription() {
    return (sysFlag & UNIT_SUBSCRIPTION) != 0;
  }

  TopicQueues withoutWrite() {
    return new TopicQueues(readQueues, writeQueues, perm & ~WRITE, sysFlag);
  }

  /** Readable and writable; other bits, TBW102's inherit among them, stay. */
  TopicQueues withReadAndWrite() {
    return new TopicQueues(readQueues, writeQueues, perm | READ_AND_WRITE, sysFlag);
  }
}
