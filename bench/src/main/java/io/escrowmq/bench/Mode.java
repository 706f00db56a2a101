package io.escrowmq.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be measured: one line a mode. The load generator builds its load from the same lines. Immutable. */
public enum Mode {
  SYNC16(Kind.SYNC_SEND, 16, "sync send, 16 threads", true),
  SYNC64(Kind.SYNC_SEND, 64, "sync send, 64 threads", true),
  ASYNC256(Kind.ASYNC_SEND, 256, "async send, window 256", true),
  BATCH32(Kind.BATCH_SEND, 32, "batches of 32, 4 threads", true),
  LINGER4096(Kind.LINGERING_SEND, 4096, "batched by the client, window 4096", true),
  DRAIN(Kind.DRAIN, 1, "drain, push consumer", false),
  LAT1000(Kind.PACED, 1000, "end to end at 1,000/s", true),
  LAT5000(Kind.PACED, 5000, "end to end at 5,000/s", true),
  TX16(Kind.TRANSACTION, 16, "transactions, 16 threads", true),
  TX64(Kind.TRANSACTION, 64, "transactions, 64 threads", true),
  TX16X100(Kind.GROUP_TRANSACTION, 16, "transactions of 100 messages, 16 threads", true),
  RESTART(Kind.RESTART, 1, "restart after kill -9", false);

  /** The shapes of load. */
  public enum Kind {
    /** {@code width} threads, each waiting for its acknowledgement. */
    SYNC_SEND,
    /** One thread, at most {@code width} messages without an acknowledgement. */
    ASYNC_SEND,
    /** As before, through a producer that lets messages wait up to 5 ms for others, until there are 64 KiB of them. */
    LINGERING_SEND,
    /** Four threads, {@code width} messages in one request. */
    BATCH_SEND,
    /** A push consumer of a new group takes what was sent before. */
    DRAIN,
    /** {@code width} messages a second, sent and consumed; latency counts from when a message was due. */
    PACED,
    /** {@code width} threads, each running one transaction after the other that commits at once. Last in a turn. */
    TRANSACTION,
    /** The same with {@link Mode#IN_A_GROUP} messages in each; what is counted is messages. */
    GROUP_TRANSACTION,
    /** The log is filled, the process killed; nothing runs in the load generator but the filling. */
    RESTART
  }

  /** Messages in each transaction of a {@link Kind#GROUP_TRANSACTION}. */
  public static final int IN_A_GROUP = 100;

  private final Kind kind;
  private final int width;
  private final String label;
  private final boolean isWithSyncFlush;

  Mode(Kind kind, int width, String label, boolean isWithSyncFlush) {
    this.kind = kind;
    this.width = width;
    this.label = label;
    this.isWithSyncFlush = isWithSyncFlush;
  }

  /** The mode of this name, as it is written on the command line. */
  public static Mode named(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.word().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no mode " + name + "; there are " + words()));
  }

  static String words() {
    return Arrays.stream(values()).map(Mode::word).collect(Collectors.joining(","));
  }

  /** The name on the command line and in the raw output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The shape of the load. */
  public Kind kind() {
    return kind;
  }

  /** Whether it runs transactions, whose end is looked at apart. */
  boolean isTransactional() {
    return kind == Kind.TRANSACTION || kind == Kind.GROUP_TRANSACTION;
  }

  /** Threads, window, messages in a batch, or messages a second: {@link Kind} says which. */
  public int width() {
    return width;
  }

  /** The plain sends that transactions of this width are held against; empty for other modes. */
  Optional<Mode> plain() {
    return Arrays.stream(values())
        .filter(mode -> kind == Kind.TRANSACTION)
        .filter(mode -> mode.kind == Kind.SYNC_SEND && mode.width == width)
        .findFirst();
  }

  String label() {
    return label;
  }

  boolean makesSenseWith(Flush flush) {
    return flush == Flush.ASYNC || isWithSyncFlush;
  }

  /** When a send is acknowledged: in the page cache, or synced. */
  enum Flush {
    ASYNC,
    SYNC;

    static Flush named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
