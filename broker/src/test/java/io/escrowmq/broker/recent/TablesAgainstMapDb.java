package io.escrowmq.broker.recent;

import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Half;
import io.escrowmq.tx.TransactionCoordinator;
import io.escrowmq.tx.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * What processor time it costs to remember a message and to look for one that is not there, in our tables and in MapDB's:
 * recent sends by their keys, transactions by their names. Not a test: prints what it measures.
 * See {@code bench/broker-main.sh}.
 */
final class TablesAgainstMapDb {

  private static final PrintStream OUT = System.out;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int VALUE_BYTES = 20; // position, queue, queue offset

  private final int entries;
  private final long[] high;
  private final long[] low;

  private TablesAgainstMapDb(int entries) {
    this.entries = entries;
    high = new long[entries];
    low = new long[entries];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < entries; i++) {
      high[i] = random.nextLong();
      low[i] = random.nextLong();
    }
  }

  /**
   * Measures and prints.
   *
   * @param args how many entries; 1,000,000 when there are none
   */
  public static void main(String[] args) throws IOException {
    int entries = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    TablesAgainstMapDb bench = new TablesAgainstMapDb(entries);
    for (int round = 1; round <= 2; round++) {
      OUT.printf("round %d%n", round);
      bench.window();
      bench.names();
      bench.mapDb("hash table, off the heap", () -> DBMaker.memoryDirectDB().make());
      bench.mapDb(
          "hash table, mapped file",
          () -> DBMaker.fileDB(file())
              .fileMmapEnableIfSupported()
              .fileDeleteAfterClose()
              .make());
      bench.mapDbNames(() -> DBMaker.memoryDirectDB().make());
    }
  }

  private static java.io.File file() {
    try {
      Path directory = Files.createTempDirectory("mapdb");
      directory.toFile().deleteOnExit();
      return directory.resolve("table").toFile();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void window() {
    long heap = usedHeap();
    KeyWindow window = new KeyWindow(entries, 42);
    double add = nanos(i -> window.add(new UniqueKey(high[i], low[i]), i, 0, i, true));
    double miss = nanos(i -> {
      if (window.find(new UniqueKey(low[i], high[i])) >= 0) {
        throw new IllegalStateException("found");
      }
    });
    // full: each one that comes has the oldest forgotten
    double turnOver = nanos(i -> window.add(new UniqueKey(low[i], high[i]), i, 0, i, true));
    tell("recent sends, KeyWindow", add, miss, turnOver, usedHeap() - heap, window.size());
  }

  private void mapDb(String what, Supplier<DB> maker) {
    long heap = usedHeap();
    try (DB db = maker.get()) {
      var map = db.hashMap("sends", Serializer.UUID, Serializer.BYTE_ARRAY).create();
      double add = nanos(i -> map.put(new UUID(high[i], low[i]), value(i)));
      double miss = nanos(i -> {
        if (map.get(new UUID(low[i], high[i])) != null) {
          throw new IllegalStateException("found");
        }
      });
      double turnOver = nanos(i -> {
        map.remove(new UUID(high[i], low[i]));
        map.put(new UUID(low[i], high[i]), value(i));
      });
      tell("recent sends, MapDB, " + what, add, miss, turnOver, usedHeap() - heap, map.size());
    }
  }

  private void names() {
    long heap = usedHeap();
    TransactionCoordinator coordinator =
        new TransactionCoordinator(new CheckSchedule(6_000, 10_000, 600_000, 15), Bounds.NONE, 42);
    double add = nanos(i -> coordinator.apply(half(i)));
    long taken = usedHeap() - heap;
    double miss = nanos(i -> coordinator.onHalves("service", name(entries + i), 1, 100));
    double decide = nanos(i ->
        coordinator.apply(new Decision(8L * (i + 1), Verdict.COMMIT, Decider.PRODUCER, 1_000)));
    tell("half-messages with their names, coordinator", add, miss, decide, taken, entries);
  }

  private void mapDbNames(Supplier<DB> maker) {
    long heap = usedHeap();
    try (DB db = maker.get()) {
      var map = db.hashMap("names", Serializer.STRING, Serializer.LONG).create();
      double add = nanos(i -> map.put("service\0" + name(i), (long) i));
      double miss = nanos(i -> map.get("service\0" + name(entries + i)));
      double remove = nanos(i -> map.remove("service\0" + name(i)));
      tell("names alone, MapDB, off the heap", add, miss, remove, usedHeap() - heap, entries);
    }
  }

  private static Half half(int number) {
    long id = 8L * (number + 1);
    return new Half(id, id, name(number), "service", 300, 1_000, 10_000);
  }

  private static String name(int number) {
    return "transaction-" + number;
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .putLong(number)
        .putInt(0)
        .putLong(number)
        .array();
  }

  private double nanos(IntConsumer work) {
    long begun = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < entries; i++) {
      work.accept(i);
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - begun) / entries;
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void tell(
      String what, double add, double miss, double turnOver, long heap, int count) {
    OUT.printf(
        Locale.ROOT,
        "%-48s add %6.0f ns, look in vain %6.0f ns, one goes %6.0f ns, heap %4d bytes each%n",
        what,
        add,
        miss,
        turnOver,
        heap / Math.max(1, count));
  }
}
