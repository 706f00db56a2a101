package io.escrowmq.remoting.message;

/** Bits of a message's sysFlag. */
public final class SysFlags {

  public static final int COMPRESSED = 0x1;
  public static final int MULTI_TAGS = 0x2;

  /** The two bits that tell where a message stands in its transaction. */
  public static final int TRANSACTION_MASK = 0xC;

  public static final int TRANSACTION_NONE = 0x0;
  public static final int TRANSACTION_PREPARED = 0x4;
  public static final int TRANSACTION_COMMIT = 0x8;
  public static final int TRANSACTION_ROLLBACK = 0xC;

  /** The born host takes 16 bytes instead of 4. */
  public static final int BORN_HOST_V6 = 0x10;

  /** The store host takes 16 bytes instead of 4. */
  public static final int STORE_HOST_V6 = 0x20;

  public static final int COMPRESSION_MASK = 0x700;

  private SysFlags() {}

  public static int transaction(int sysFlag) {
    return sysFlag & TRANSACTION_MASK;
  }

  public static int withTransaction(int sysFlag, int transaction) {
    return (sysFlag & ~TRANSACTION_MASK) | transaction;
  }
}
