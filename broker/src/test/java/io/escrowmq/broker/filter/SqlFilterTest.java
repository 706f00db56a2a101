package io.escrowmq.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFilterTest {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  @ParameterizedTest
  @CsvSource({
    "amount > 100, true",
    "amount > 200, false",
    "gone > 100, false",
    "region > 100, false",
    "TAGS = 'new', true",
    "region = 'größe', true",
    "TRUE, true",
    "NULL, false",
  })
  void shouldMatchWhatIsTrueOnly(String expression, boolean matches) {
    // given
    MessageView message =
        message("TAGS\u0001new\u0002amount\u0001150\u0002region\u0001größe\u0002");

    // then
    assertThat(SqlFilter.compile(expression).matches(message, new Work())).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a >                 |  4 | a property or a value is expected, but the expression ends",
        "= 5                 |  1 | a property or a value is expected, but '=' stands",
        "a = 5 b = 6         |  7 | AND, OR or the end is expected, but 'b' stands",
        "a LIKE 'x%'         |  3 | AND, OR or the end is expected, but 'LIKE' stands",
        "a != 5              |  3 | '!' means nothing",
        "a = \"x\"           |  5 | '\"' means nothing",
        "a = 'x              |  5 | no closing quote",
        "a = 5 /* x          |  7 | the comment that begins here has no end",
        "(a = 5              |  7 | ')' is expected, but the expression ends",
        "a IS 5              |  6 | NULL is expected, but '5' stands",
        "a NOT = 5           |  7 | BETWEEN, IN, CONTAINS, STARTSWITH or ENDSWITH is expected",
        "a BETWEEN 1 OR 2    | 13 | AND is expected, but 'OR' stands",
        "a BETWEEN 6 AND 5   | 11 | nothing lies between 6 and 5",
        "a IN (5)            |  7 | a text in quotes is expected, but '5' stands",
        "a IN ('x' 'y')      | 11 | ',' or ')' is expected",
        "a IN ()             |  7 | a text in quotes is expected",
        "'x' IN ('x')        |  1 | IN wants a property",
        "a CONTAINS b        | 12 | a text in quotes is expected, but 'b' stands",
        "a = NULL            |  5 | write IS NULL",
        "NULL <> a           |  1 | write IS NULL",
        "TRUE = 'x'          |  1 | TRUE and FALSE equal no number",
        "a > 'x'             |  5 | compare numbers and properties only",
        "a > TRUE            |  5 | compare numbers and properties only",
        "TRUE BETWEEN 1 AND 2|  1 | compare numbers and properties only",
        "a AND NOT b > 5     |  7 | compare numbers and properties only",
        "a AND 5             |  7 | a condition is expected",
        "-a                  |  1 | a condition is expected",
        "a = 05              |  5 | a whole number does not begin with 0",
        "a = 9223372036854775808 | 5 | does not fit into 64 bits",
        "a = 1e400           |  5 | the number is too large",
        "\"\"                |  1 | a property or a value is expected, but the expression ends",
      })
  void shouldSayWhatIsWrongAndWhere(String expression, int column, String what) {
    assertThatThrownBy(() -> SqlFilter.compile(expression))
        .isInstanceOf(BadFilterException.class)
        .hasMessageStartingWith("column " + column + ": ")
        .hasMessageContaining(what);
  }

  @Test
  void shouldRefuseWhatIsTooLongTooDeepOrTooMuch() {
    // given
    String deep = "(".repeat(SqlFilter.DEEPEST - 1) + "TRUE" + ")".repeat(SqlFilter.DEEPEST - 1);
    String wide = "TRUE" + " OR TRUE".repeat(SqlFilter.MOST_PARTS - 2);
    String longest = "TRUE" + " ".repeat(SqlFilter.LONGEST - 4);

    String many = IntStream.range(0, SqlFilter.MOST_PROPERTIES)
        .mapToObj(i -> "p" + i + " IS NULL")
        .collect(Collectors.joining(" OR "));

    // then
    for (String most : List.of(deep, wide, longest, many)) {
      assertThat(SqlFilter.compile(most).matches(message(""), new Work())).isTrue();
    }
    refuses("(" + deep + ")", "nested more than 64 deep");
    refuses("NOT ".repeat(10_000 / 4) + "TRUE", "nested more than 64 deep");
    refuses(wide + " OR TRUE", "more than 1024");
    refuses(many + " OR p64 IS NULL", "more than 64 different properties");
    refuses(longest + " ", "16385 characters, at most 16384");
  }

  @Test
  void shouldJudgeEachPartOnceHoweverDeepItLies() {
    // given: twice a level would be a thousand million times
    String expression = "a";
    for (int level = 0; level < 30; level++) {
      expression = "-(" + expression + ") BETWEEN 1 AND 2 IS NULL";
    }
    SqlFilter filter = SqlFilter.compile(expression);

    // then
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> filter.matches(message("a\u00015\u0002"), new Work()));
  }

  /** Words of the language in any order, and now and then something that is none. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldReadOrRefuseWhateverComes(long seed) {
    // given
    Random random = new Random(seed);
    List<String> words = List.of(
        "a",
        "b",
        "5",
        "0",
        "1.5",
        ".5",
        "9e999",
        "'x'",
        "''",
        "'",
        "TRUE",
        "NULL",
        "(",
        ")",
        "=",
        "<>",
        "<",
        ">=",
        "-",
        "+",
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "IS",
        "CONTAINS",
        ",",
        "/*",
        "*/",
        "--",
        "\n",
        "#",
        "\ud83d",
        "ä",
        "\u0000");
    MessageView message = message("a\u00015\u0002b\u0001x\u0002");
    int read = 0;

    for (int round = 0; round < 20_000; round++) {
      StringBuilder expression = new StringBuilder();
      for (int left = random.nextInt(8); left >= 0; left--) {
        expression.append(words.get(random.nextInt(words.size()))).append(" ".repeat(left & 1));
      }

      // when
      try {
        SqlFilter.compile(expression.toString()).matches(message, new Work());
        read++;
      } catch (BadFilterException refused) {
        assertThat(refused).hasMessageStartingWith("column ");
      } catch (RuntimeException e) {
        fail("seed " + seed + ": " + expression, e);
      }
    }

    // then
    assertThat(read).isPositive();
  }

  private static void refuses(String expression, String what) {
    assertThatThrownBy(() -> SqlFilter.compile(expression))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining(what);
  }

  private static MessageView message(String properties) {
    return MessageView.of(MessageCodec.encode(
        new NewMessage("T", 0, 0, 0, 1, HOST, HOST, 0, 0, ByteBuffer.allocate(16), properties)));
  }

  @Test
  void shouldReadSoManySearchesAndNotOneMore() {
    // given
    String most = "P CONTAINS 'x'" + " OR P CONTAINS 'x'".repeat(SqlFilter.MOST_SEARCHES - 1);

    // then
    assertThat(SqlFilter.compile(most).matches(message("P\u0001x\u0002"), new Work()))
        .isTrue();
    assertThatThrownBy(() -> SqlFilter.compile(most + " OR P STARTSWITH 'x'"))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining("more than 64 times");
  }

  /** Twenty searches for what almost matches everywhere: 400 million comparisons, if done plainly. */
  @Test
  void shouldDoWorkThatGrowsWithTheLengthOfWhatItReadsOnly() {
    // given
    String sought = "a".repeat(700) + "b";
    SqlFilter filter = SqlFilter.compile(
        "P CONTAINS '" + sought + "'" + (" OR P CONTAINS '" + sought + "'").repeat(19));
    Work work = new Work();

    // when
    boolean matches = filter.matches(message("P\u0001" + "a".repeat(30_000) + "\u0002"), work);

    // then
    assertThat(matches).isFalse();
    assertThat(work.done()).isBetween(20 * 30_000L, 23 * 30_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"P = 'x'", "P > 1.5", "P BETWEEN 1 AND 2", "P IN ('x')", "P ENDSWITH 'x'"})
  void shouldCountEveryConditionThatReadsAProperty(String condition) {
    // given
    MessageView message = message("P\u0001" + "1".repeat(10_000) + "\u0002");
    Work work = new Work();

    // when
    SqlFilter.compile(condition).matches(message, work);

    // then
    assertThat(work.done()).isGreaterThan(20_000);
  }
}
