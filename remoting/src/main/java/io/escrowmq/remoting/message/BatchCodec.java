package io.escrowmq.remoting.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a batch: items one after the other.
 *
 * <pre>
 *  +------+-------+-----+------+-------------+------+-------------------+------------+
 *  | size | magic | crc | flag | body length | body | properties length | properties |
 *  | int  | 0     | 0   | int  | int         | ...  | int16             | ...        |
 *  +------+-------+-----+------+-------------+------+-------------------+------------+
 * </pre>
 */
public final class BatchCodec {

  /** Of one batch; more would hold up everybody else's for too long. */
  public static final int MOST_MESSAGES = 10_000;

  private static final int FIXED_BYTES = 22;

  private BatchCodec() {}

  /**
   * The items, 1 to {@link #MOST_MESSAGES}. The batch's position is left alone. Throws {@link
   * BadMessageException} when a length does not fit, or when the batch is empty.
   */
  public static List<BatchItem> read(ByteBuffer batch) {
    ByteBuffer bytes = batch.asReadOnlyBuffer();
    List<BatchItem> items = new ArrayList<>();
    int at = bytes.position();
    while (at < bytes.limit()) {
      int left = bytes.limit() - at;
      int size = left < FIXED_BYTES ? -1 : bytes.getInt(at);
      if (size < FIXED_BYTES || size > left) {
        throw new BadMessageException("item " + items.size() + " of the batch says it takes " + size
            + " bytes where " + left + " are left");
      }
      if (items.size() == MOST_MESSAGES) {
        throw new BadMessageException("the batch has more than " + MOST_MESSAGES
            + " messages, which is the most that is allowed; send fewer at once");
      }
      items.add(item(bytes, at, size, items.size()));
      at += size;
    }
    if (items.isEmpty()) {
      throw new BadMessageException("the batch is empty");
    }
    return items;
  }

  private static BatchItem item(ByteBuffer bytes, int at, int size, int index) {
    int bodyAt = at + 20;
    int bodyLength = bytes.getInt(bodyAt - 4);
    if (bodyLength < 0 || bodyLength > size - FIXED_BYTES) {
      throw new BadMessageException("item " + index + " of the batch says its body takes "
          + bodyLength + " of " + size + " bytes");
    }
    int propertiesLength = bytes.getShort(bodyAt + bodyLength);
    if (propertiesLength != size - FIXED_BYTES - bodyLength) {
      throw new BadMessageException("item " + index + " of the batch says its properties take "
          + propertiesLength + " bytes where " + (size - FIXED_BYTES - bodyLength) + " are left");
    }
    return new BatchItem(
        bytes.getInt(at + 12),
        bytes.slice(bodyAt, bodyLength),
        bytes.slice(bodyAt + bodyLength + 2, propertiesLength));
  }
}
