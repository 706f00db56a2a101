package io.escrowmq.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes on disk never change: old logs must be read. */
final class LayoutTest {

  @Test
  void shouldLayOutTheExampleOfTheStoragePage() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
    LogSettings settings = new LogSettings(65536, 0, FlushMode.SYNC);
    CommitLog log =
        CommitLog.open(files, LogModel.DIRECTORY, settings, 0, clock, () -> 0x0123456789ABCDEFL);

    // when
    log.append(RecordKind.MESSAGE, 0, 5, Payloads.of("hello".getBytes(UTF_8)));
    log.write();
    log.sync();
    log.append(RecordKind.MESSAGE, 0, 0, Payloads.of(new byte[0]));
    log.write();
    log.sync();
    log.close();

    // then: docs/storage.md, "A worked example"
    ByteBuffer bytes = ByteBuffer.allocate(0xA0);
    try (StoreFile file = files.open(LogModel.DIRECTORY.resolve("00000000000000000000.log"))) {
      file.read(bytes, 0);
    }
    assertThat(HexFormat.of().formatHex(bytes.array())).isEqualTo("""
            455343524f574c47e69c7e2f00000003\
            00000000000000000001000000000001\
            0000000000000000000001a20320a200\
            00000000000000000123456789abcdef\
            0000001d4769c82a0000000000000040\
            000000010001000068656c6c6f000000\
            00000018c17ab5ef0000000000000060\
            000000010001000000000020062ecc34\
            00000000000000780000000100000000\
            00000000000000780000000000000000\
            """);
  }
}
