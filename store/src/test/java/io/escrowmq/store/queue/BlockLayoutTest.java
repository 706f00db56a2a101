package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The worked examples of docs/storage.md, byte for byte. */
final class BlockLayoutTest {

  private static final Path DIRECTORY = Path.of("/store");

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  @Test
  void shouldLayOutAChunkAsDocumented() {
    // given
    ConsumeQueues queues =
        ConsumeQueues.open(files, DIRECTORY, new QueueSettings(2, 1 << 20, 1 << 20, 1));
    ConsumeQueue queue = queues.obtain("orders", 0);

    // when: the turn ends, which seals the first two
    queue.append(64, 300, "TagA".hashCode(), 1_700_000_000_000L);
    queue.append(368, 301, 0, 1_700_000_000_001L);
    queue.append(672, 300, 0, 1_700_000_000_002L);
    queues.drainTouched(ConsumeQueue::publish);

    // then
    assertThat(hex("00000001.chunks"))
        .isEqualTo("45435131bf754ddf" + "0000000100000000"
            + "0000000000000000" + "0000000200000000"
            + "0000000000000040" + "0000018bcfe56800" + "0000012c0027a807"
            + "0000000000000170" + "0000018bcfe56801" + "0000012d00000000");
  }

  @Test
  void shouldLayOutARunAsDocumented() {
    // given
    KeyIndex keys = KeyIndex.open(files, DIRECTORY, new KeySettings(2, 1 << 20), Runnable::run);

    // when: the third entry seals the two before it
    keys.add(0xC000_0000_0000_0000L, 64, 1_700_000_000_000L);
    keys.add(0x4000_0000_0000_0000L, 368, 1_700_000_000_001L);
    keys.add(1, 672, 1_700_000_000_002L);

    // then
    assertThat(hex("00000001.runs"))
        .isEqualTo("c7f7f82b00000002" + "0000000100000000"
            + "4000000000000000" + "0000000000000170" + "0000018bcfe56801"
            + "c000000000000000" + "0000000000000040" + "0000018bcfe56800"
            + "00".repeat(4096 - 64));
  }

  private String hex(String name) {
    try (StoreFile file = files.open(DIRECTORY.resolve(name))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(bytes, 0);
      return HexFormat.of().formatHex(bytes.array());
    }
  }
}
