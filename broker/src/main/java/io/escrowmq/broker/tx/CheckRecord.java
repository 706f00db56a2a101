package io.escrowmq.broker.tx;

import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What was done about transactions that nobody has decided.
 *
 * <pre>
 * what int8 | entry *        entry: id int64 | next check int64
 *
 * what: 1 producers are asked; 2 suspended; 3 checks begin anew
 * </pre>
 */
record CheckRecord(What what, List<Entry> entries) {

  /** What was done. */
  enum What {
    ASKED(1),
    SUSPENDED(2),
    RESUMED(3);

    private final int number;

    What(int number) {
      this.number = number;
    }

    static What of(int number) {
      return switch (number) {
        case 1 -> ASKED;
        case 2 -> SUSPENDED;
        case 3 -> RESUMED;
        default -> throw new BadMessageException("a check record of kind " + number);
      };
    }
  }

  /** One transaction, and when it is due again; 0 when it is not. */
  record Entry(long id, long nextMillis) {}

  private static final int ENTRY_BYTES = Long.BYTES + Long.BYTES;

  byte[] payload() {
    FieldWriter out = new FieldWriter("a CHECK record", 1 + entries.size() * ENTRY_BYTES)
        .uint8("what", what.number);
    for (Entry entry : entries) {
      out.int64(entry.id()).int64(entry.nextMillis());
    }
    return out.toBytes();
  }

  static CheckRecord of(LogRecord record) {
    ByteBuffer in = record.payload();
    What what = What.of(in.get());
    List<Entry> entries = new ArrayList<>(in.remaining() / ENTRY_BYTES);
    while (in.hasRemaining()) {
      entries.add(new Entry(in.getLong(), in.getLong()));
    }
    return new CheckRecord(what, entries);
  }
}
