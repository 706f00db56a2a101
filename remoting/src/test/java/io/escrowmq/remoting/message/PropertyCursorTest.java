package io.escrowmq.remoting.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PropertyCursorTest {

  private static final String[] PIECES = {
    "a", "bb", "\u00fc", "\u20ac", "01234567", "\u0001", "\u0002"
  };
  private static final byte[] AROUND = "x\u0001y\u0002".getBytes(UTF_8);

  @Test
  void shouldFindTheEntriesThatAStringOfTheSameBytesHas() {
    Random random = new Random(11);
    for (int round = 0; round < 5_000; round++) {
      // given
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }

      // when
      Map<String, String> found = entries(text.toString());

      // then
      assertThat(found)
          .as("seed 11, round %d: %s", round, text)
          .isEqualTo(Properties.parse(text.toString()));
    }
  }

  @Test
  void shouldKnowANameOnlyWhenAllOfItIsThere() {
    // given
    PropertyCursor cursor = over("TAGS\u0001red\u0002");

    // when
    boolean there = cursor.next();

    // then
    assertThat(there).isTrue();
    assertThat(cursor.isNamed(PropertyCursor.name("TAGS"))).isTrue();
    assertThat(cursor.isNamed(PropertyCursor.name("TAG"))).isFalse();
    assertThat(cursor.isNamed(PropertyCursor.name("TAGSX"))).isFalse();
    assertThat(cursor.isNamed(PropertyCursor.name("KEYS"))).isFalse();
    assertThat(cursor.next()).isFalse();
  }

  /** By name, in the order of their first, the last value of each. */
  private static Map<String, String> entries(String text) {
    PropertyCursor cursor = over(text);
    Map<String, String> entries = new LinkedHashMap<>();
    while (cursor.next()) {
      String value = UTF_8
          .decode(cursor.bytes().slice(cursor.valueAt(), cursor.valueLength()))
          .toString();
      String name = nameOf(cursor, text);
      entries.put(name, value);
    }
    return entries;
  }

  private static String nameOf(PropertyCursor cursor, String text) {
    return Properties.parse(text).keySet().stream()
        .filter(name -> cursor.isNamed(PropertyCursor.name(name)))
        .findFirst()
        .orElse("none of the names");
  }

  /** In a buffer that has more of the kind before and behind. */
  private static PropertyCursor over(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(2 * AROUND.length + bytes.length);
    buffer.put(AROUND).put(bytes).put(AROUND);
    return new PropertyCursor().over(buffer, AROUND.length, bytes.length);
  }
}
