package io.escrowmq.remoting.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassingPropertiesTest {

  /** What describes a message, wherever it goes: nobody does anything because of it when it is sent. */
  private static final Set<String> STAYING = Set.of(
      "KEYS",
      "TAGS",
      "WAIT",
      "UNIQ_KEY",
      "__transactionId__",
      "INSTANCE_ID",
      "CORRELATION_ID",
      "REPLY_TO_CLIENT",
      "TTL",
      "PUSH_REPLY_TIME",
      "MSG_TYPE",
      "__SHARDINGKEY",
      "INNER_NUM");

  static Stream<String> names() {
    return Arrays.stream(PropertyNames.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(PassingPropertiesTest::value);
  }

  private static String value(Field field) {
    try {
      return String.valueOf(field.get(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** Whoever adds a name has to say what becomes of it. */
  @Test
  void shouldSayOfEveryNameWhetherItStays() {
    assertThat(new TreeSet<>(
            names().filter(name -> !PassingProperties.isPassing(name)).toList()))
        .isEqualTo(new TreeSet<>(STAYING));
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldTakeOffWhatPassesAndNothingElse(String name) {
    // given
    String entry = name + "\u0001true\u0002";
    String text = "a\u0001b\u0002" + entry + "c\u0001d\u0002X" + entry + entry;

    // when
    PassingProperties.Split split = PassingProperties.split(text, false);

    // then
    String rest = "a\u0001b\u0002c\u0001d\u0002X" + entry;
    assertThat(split.visible()).isEqualTo(STAYING.contains(name) ? text : rest);
    assertThat(split.control()).isIn("", entry + entry);
    assertThat(passes(entry)).isEqualTo(!STAYING.contains(name));
    assertThat(passes("X" + entry)).isFalse();
  }

  private static boolean passes(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    PropertyCursor cursor = new PropertyCursor().over(ByteBuffer.wrap(bytes), 0, bytes.length);
    return cursor.next() && PassingProperties.isPassing(cursor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RETRY_TOPIC", "ORIGIN_MESSAGE_ID", "RECONSUME_TIME", "DLQ_ORIGIN_TOPIC"})
  void shouldLeaveWhatTellsOfTriesOnMessagesThatAreTriedAgain(String name) {
    String text = "a\u0001b\u0002" + name + "\u0001x\u0002";

    assertThat(PassingProperties.split(text, true).visible()).isEqualTo(text);
    assertThat(PassingProperties.split(text, false).visible()).isEqualTo("a\u0001b\u0002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\u0002", "a", "DELAY", "DELAY\u0001", "DELAY\u0001\u0002", "\u0001x"})
  void shouldLeaveAloneWhatIsNoProperty(String text) {
    PassingProperties.Split split = PassingProperties.split(text, false);

    assertThat(split.visible()).isEqualTo(text);
    assertThat(split.control()).isEmpty();
  }

  @Test
  void shouldTakeOffTheLastOneWithoutAnEnd() {
    PassingProperties.Split split = PassingProperties.split("a\u0001b\u0002DELAY\u00013", false);

    assertThat(split.visible()).isEqualTo("a\u0001b\u0002");
    assertThat(split.control()).isEqualTo("DELAY\u00013\u0002");
  }
}
