package io.escrowmq.client.jta;

import java.util.Arrays;
import java.util.Base64;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * A branch's id, and the name that its half-messages have at brokers: "xa.", the format in hex, and the
 * two parts in the URL form of base 64, separated by dots. At most 186 characters. Immutable.
 */
public final class BranchId implements Xid {

  private static final String PREFIX = "xa.";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final int formatId;
  private final byte[] global;
  private final byte[] branch;

  private BranchId(int formatId, byte[] global, byte[] branch) {
    this.formatId = formatId;
    this.global = global;
    this.branch = branch;
  }

  /** The same id, of whatever class. */
  public static BranchId of(Xid xid) {
    return xid instanceof BranchId ours
        ? ours
        : new BranchId(
            xid.getFormatId(),
            xid.getGlobalTransactionId().clone(),
            xid.getBranchQualifier().clone());
  }

  /** The id of this name; null when it is none of a branch. */
  public static @Nullable BranchId parse(@Nullable String name) {
    if (name == null || !name.startsWith(PREFIX)) {
      return null;
    }
    String[] parts = name.substring(PREFIX.length()).split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      BranchId id = new BranchId(
          Integer.parseUnsignedInt(parts[0], 16),
          DECODER.decode(parts[1]),
          DECODER.decode(parts[2]));
      return id.global.length <= MAXGTRIDSIZE && id.branch.length <= MAXBQUALSIZE ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What brokers call the branch. */
  public String name() {
    return PREFIX
        + Integer.toHexString(formatId)
        + '.'
        + ENCODER.encodeToString(global)
        + '.'
        + ENCODER.encodeToString(branch);
  }

  @Override
  public int getFormatId() {
    return formatId;
  }

  @Override
  public byte[] getGlobalTransactionId() {
    return global.clone();
  }

  @Override
  public byte[] getBranchQualifier() {
    return branch.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BranchId id
        && id.formatId == formatId
        && Arrays.equals(id.global, global)
        && Arrays.equals(id.branch, branch);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * formatId + Arrays.hashCode(global)) + Arrays.hashCode(branch);
  }

  @Override
  public String toString() {
    return name();
  }
}
