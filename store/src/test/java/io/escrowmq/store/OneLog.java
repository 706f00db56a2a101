package io.escrowmq.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/** One log on a simulated disk, and a clock that a test sets. */
abstract class OneLog {

  static final LogSettings SETTINGS = new LogSettings(65536, 4096, FlushMode.SYNC);

  final SimulatedFileSystem files = new SimulatedFileSystem(1);
  long nowMillis = 1_000;
  final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
  CommitLog log = open(0);

  /** Appends a record with a payload of so many bytes; tells where it lies. */
  final long append(int payloadLength) {
    byte[] payload = new byte[payloadLength];
    Arrays.fill(payload, (byte) 1);
    return log.append(RecordKind.MESSAGE, 0, payloadLength, Payloads.of(payload))
        .position();
  }

  /** Opens the log on the same disk. */
  final CommitLog open(long trustedFrom) {
    return CommitLog.open(
        files, LogModel.DIRECTORY, SETTINGS, trustedFrom, clock, LogModel.SECRETS);
  }
}
