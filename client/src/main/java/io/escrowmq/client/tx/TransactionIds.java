package io.escrowmq.client.tx;

import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.message.UniqueIds;
import java.util.HexFormat;

/**
 * Names of transactions: 12 hex digits of milliseconds since 1970, and a unique id. So their order is
 * that of their begins. Any thread.
 */
final class TransactionIds {

  private static final int TIME_DIGITS = 12;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final UniqueIds ids;
  private final Timer timer;

  TransactionIds(UniqueIds ids, Timer timer) {
    this.ids = ids;
    this.timer = timer;
  }

  String next() {
    return startingAt(timer.millis()) + ids.next();
  }

  /** What is less than all names of transactions that began at this time or later. */
  static String startingAt(long millis) {
    return HEX.toHexDigits(millis, TIME_DIGITS);
  }

  /** When the transaction of this name began, by its producer's clock; -1 when it is no such name. */
  static long begunMillis(String id) {
    if (id.length() <= TIME_DIGITS) {
      return -1;
    }
    try {
      return HexFormat.fromHexDigitsToLong(id, 0, TIME_DIGITS);
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }
}
