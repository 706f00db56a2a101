package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** A log under test, and what must be in it. One thread. */
final class LogModel {

  static final Path DIRECTORY = Path.of("/simulated/log");
  static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
  static final LongSupplier SECRETS = new Random()::nextLong;

  private static final List<RecordKind> KINDS = List.of(RecordKind.values());

  private final String what;
  private final SimulatedFileSystem files;
  private final LogSettings settings;
  private final Random random;

  /** All records that are in the log, or staged, in order. */
  private final List<WrittenRecord> records = new ArrayList<>();

  /** Ends of the log that were durable: a state file may stand at any of them. */
  private final List<Long> durableEnds = new ArrayList<>(List.of(0L));

  private CommitLog log;

  LogModel(String what, SimulatedFileSystem files, LogSettings settings, Random random) {
    this.what = what;
    this.files = files;
    this.settings = settings;
    this.random = random;
    this.log = CommitLog.open(files, DIRECTORY, settings, 0, CLOCK, SECRETS);
  }

  CommitLog log() {
    return log;
  }

  void append(int length) {
    assertThat(appendIfThereIsRoom(length)).as(what).isTrue();
  }

  boolean appendIfThereIsRoom(int length) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    if (!log.room().forMessage(length)) {
      return false;
    }
    RecordKind kind = KINDS.get(random.nextInt(KINDS.size()));
    long[] told = new long[1];
    LogRecord record = log.append(kind, random.nextInt(65536), length, (at, batch) -> {
      told[0] = at;
      batch.put(payload);
    });
    long position = record.position();
    assertThat(told[0]).as(what).isEqualTo(position);
    WrittenRecord written = WrittenRecord.of(record);
    assertThat(written.payload()).as(what).isEqualTo(ByteBuffer.wrap(payload));
    if (!records.isEmpty()) {
      assertThat(position)
          .as(what)
          .isGreaterThan(records.get(records.size() - 1).position());
    }
    records.add(written);
    return true;
  }

  void write() {
    log.write();
  }

  void sync() {
    log.sync();
    if (log.staged() == 0) {
      durableEnds.add(log.end());
    }
  }

  /** Appends, writes and syncs at random. */
  void work(int steps) {
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> append(random.nextInt(1500));
        case 4 -> append(random.nextInt(settings.segmentBytes() / 3));
        case 5, 6 -> write();
        case 7 -> sync();
        default -> throw new AssertionError();
      }
    }
  }

  /** Reads some records at random. */
  void readSome() {
    for (int i = 0; i < 5 && !records.isEmpty(); i++) {
      WrittenRecord written = records.get(random.nextInt(records.size()));
      if (written.position() < log.written() && written.position() >= log.start()) {
        try (LogSlice slice = log.read(written.position())) {
          assertThat(slice.payload()).as(what).isEqualTo(written.payload());
          assertThat(slice.kind()).as(what).isEqualTo(written.kind());
        }
      }
    }
  }

  /** Opens the log after its end was taken from it; all that was durable must be there. */
  void reopen(long mustBeThereBefore) {
    long trusted = durableEnds.get(random.nextInt(durableEnds.size()));
    log = CommitLog.open(files, DIRECTORY, settings, trusted, CLOCK, SECRETS);
    List<WrittenRecord> found = found(log);
    int first = 0;
    while (first < records.size() && records.get(first).position() < log.start()) {
      first++;
    }
    List<WrittenRecord> expected = records.subList(first, records.size());
    assertThat(found.size()).as(what).isLessThanOrEqualTo(expected.size());
    assertThat(found).as(what).isEqualTo(expected.subList(0, found.size()));
    assertThat(log.end()).as(what).isGreaterThanOrEqualTo(mustBeThereBefore);
    assertThat(log.durable()).as(what).isLessThanOrEqualTo(log.end());
    for (WrittenRecord lost : expected.subList(found.size(), expected.size())) {
      assertThat(lost.position()).as(what).isGreaterThanOrEqualTo(mustBeThereBefore);
    }
    records.retainAll(List.copyOf(records.subList(0, first + found.size())));
    durableEnds.removeIf(end -> end > log.end());
  }

  /** The power fails. */
  void crash() {
    long durable = log.durable();
    files.crash();
    reopen(durable);
  }

  /** The process dies. */
  void kill() {
    long written = log.written();
    files.kill();
    reopen(written);
  }

  void closeAndReopen() {
    log.close();
    reopen(log.end());
    assertThat(log.recovery().cutBytes()).as(what).isZero();
  }

  List<WrittenRecord> records() {
    return records;
  }

  static List<WrittenRecord> found(CommitLog log) {
    List<WrittenRecord> found = new ArrayList<>();
    log.replay(0, record -> found.add(WrittenRecord.of(record)));
    return found;
  }

  /** A record as it was appended or found. */
  record WrittenRecord(long position, int epoch, RecordKind kind, int flags, ByteBuffer payload) {

    static WrittenRecord of(LogRecord record) {
      ByteBuffer payload = record.payload();
      byte[] copy = new byte[payload.remaining()];
      payload.get(copy);
      return new WrittenRecord(
          record.position(), record.epoch(), record.kind(), record.flags(), ByteBuffer.wrap(copy));
    }
  }
}
