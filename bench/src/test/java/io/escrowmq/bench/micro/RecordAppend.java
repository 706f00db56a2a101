package io.escrowmq.bench.micro;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.PayloadWriter;
import io.escrowmq.store.RealFileSystem;
import io.escrowmq.store.RecordKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message of 1 KiB into the log and into the page cache, alone and with others in one write. One operation is one record.
 * The log begins anew in each iteration; the number of records bounds what an iteration writes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RecordAppend {
  private static final int SEGMENT_BYTES = 128 * 1024 * 1024;

  /** Records between two writes. */
  @Param({"1", "16", "256"})
  public int batch;

  private final byte[] payload = new byte[1200];
  private final PayloadWriter writer = (position, bytes) -> bytes.put(payload);
  private Path directory;
  private CommitLog log;
  private int staged;

  @Setup(Level.Iteration)
  public void open() throws IOException {
    new SplittableRandom(1).nextBytes(payload);
    directory = Files.createTempDirectory("record-append");
    log = CommitLog.open(
        new RealFileSystem(),
        directory.resolve("log"),
        new LogSettings(SEGMENT_BYTES, 0, FlushMode.ASYNC),
        0,
        Clock.systemUTC(),
        () -> 42);
    staged = 0;
  }

  @Benchmark
  public long append() {
    long position = log.append(RecordKind.MESSAGE, 0, payload.length, writer).position();
    if (++staged == batch) {
      log.write();
      staged = 0;
    }
    return position;
  }

  @TearDown(Level.Iteration)
  public void close() throws IOException {
    log.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
