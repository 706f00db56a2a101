package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.Garbage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

  private static final byte[] GOLDEN = HexFormat.of()
      .parseHex("0000002d0000000000000000000000000000000161001657414954017472756502554e49515f4b4559"
          + "0158310200000022000000000000000000000000000000026263000a57414954017472756502");

  @Test
  void shouldReadTheGoldenBatch() {
    // when
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(GOLDEN));

    // then
    assertThat(items).hasSize(2);
    assertThat(items.get(0).body()).isEqualTo(text("a"));
    assertThat(Properties.value(items.get(0).propertyString(), PropertyNames.UNIQUE_KEY))
        .isEqualTo("X1");
    assertThat(items.get(1).body()).isEqualTo(text("bc"));
    assertThat(items.get(1).propertyString()).isEqualTo("WAIT\u0001true\u0002");
  }

  @Test
  void shouldRefuseAnEmptyBatch() {
    assertThatThrownBy(() -> BatchCodec.read(ByteBuffer.allocate(0)))
        .isInstanceOf(BadMessageException.class);
  }

  @Test
  void shouldReadAsManyMessagesAsAreAllowedAndNotOneMore() {
    // given
    ByteBuffer most = empty(10_000);
    ByteBuffer tooMany = empty(10_001);

    // when, then
    assertThat(BatchCodec.read(most)).hasSize(10_000);
    assertThatThrownBy(() -> BatchCodec.read(tooMany))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining("more than 10000 messages");
  }

  private static ByteBuffer empty(int items) {
    ByteBuffer batch = ByteBuffer.allocate(22 * items);
    for (int i = 0; i < items; i++) {
      batch.putInt(22 * i, 22);
    }
    return batch;
  }

  @Test
  void shouldRefuseLengthsThatLie() {
    Garbage.feed(
        GOLDEN, 7, bytes -> BatchCodec.read(ByteBuffer.wrap(bytes)), BadMessageException.class);
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
