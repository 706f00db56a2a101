package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldWriterTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 254, 255})
  void shouldWriteWhatFits(int most) {
    // given
    String text = "a".repeat(most);

    // when
    ByteBuffer written = ByteBuffer.wrap(writer()
        .uint8("n", most)
        .uint16("n", 65_280 + most)
        .text8("t", text)
        .text16("t", text)
        .lastText("t", text, most)
        .toBytes());

    // then
    assertThat(written.get() & 0xFF).isEqualTo(most);
    assertThat(written.getShort() & 0xFFFF).isEqualTo(65_280 + most);
    assertThat(FieldReader.text8(written)).isEqualTo(text);
    assertThat(FieldReader.text16(written)).isEqualTo(text);
    assertThat(FieldReader.text(written, written.remaining())).isEqualTo(text);
    assertThat(written.hasRemaining()).isFalse();
  }

  @Test
  void shouldRefuseWhatIsOneTooMuchForItsPlace() {
    assertRefused(out -> out.uint8("size", 256), "size", "256", "255");
    assertRefused(out -> out.uint8("size", -1), "size", "-1", "255");
    assertRefused(out -> out.uint16("size", 65_536), "size", "65536", "65535");
    assertRefused(out -> out.text8("who", "a".repeat(256)), "who", "256", "255");
    assertRefused(out -> out.text8("who", "\u00e4".repeat(128)), "who", "256", "255");
    assertRefused(out -> out.text16("why", "a".repeat(65_536)), "why", "65536", "65535");
    assertRefused(out -> out.lastText("end", "aaa", 2), "end", "3", "2");
  }

  private static void assertRefused(Consumer<FieldWriter> fields, String... words) {
    FieldWriter out = writer().int32(7);
    assertThatThrownBy(() -> fields.accept(out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of a TEST record")
        .hasMessageContainingAll(words);
    assertThat(out.toBytes()).as("nothing of it is written").containsExactly(0, 0, 0, 7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldWriteTheBytesOfADataStreamWhateverIsWritten(long seed) throws IOException {
    // given
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    DataOutputStream stream = new DataOutputStream(expected);
    Random random = new Random(seed);
    FieldWriter out = new FieldWriter("a TEST record", (int) seed);

    // when
    for (int i = 0; i < 100; i++) {
      long number = random.nextLong();
      switch (random.nextInt(6)) {
        case 0 -> {
          out.bool(number > 0);
          stream.writeBoolean(number > 0);
        }
        case 1 -> {
          out.uint8("n", (int) number & 0xFF);
          stream.writeByte((int) number);
        }
        case 2 -> {
          out.uint16("n", (int) number & 0xFFFF);
          stream.writeShort((int) number);
        }
        case 3 -> {
          out.int32((int) number);
          stream.writeInt((int) number);
        }
        case 4 -> {
          out.int64(number);
          stream.writeLong(number);
        }
        default -> {
          out.text16("t", "text" + number); // one byte a character: both write it alike
          stream.writeUTF("text" + number);
        }
      }
    }

    // then
    assertThat(out.toBytes()).as("seed %s", seed).isEqualTo(expected.toByteArray());
  }

  private static FieldWriter writer() {
    return new FieldWriter("a TEST record", 4);
  }
}
