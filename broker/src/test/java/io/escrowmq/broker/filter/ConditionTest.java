package io.escrowmq.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions say; FAILED was an exception where RocketMQ 5.5.0 was asked the same. */
class ConditionTest {

  private static final Map<String, String> MESSAGE = Map.of(
      "five",
      "5",
      "six",
      "6",
      "half",
      "0.5",
      "big",
      "99999999999",
      "yes",
      "true",
      "no",
      "False",
      "word",
      "apple",
      "quote",
      "it's",
      "empty",
      "",
      "blank",
      " 5");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "five = 5, TRUE",
        "five = '5', TRUE",
        "5 = five, TRUE",
        "five = 5.0, TRUE",
        "five = 5e0, TRUE",
        "five = 5L, TRUE",
        "five = +5, TRUE",
        "five = -5, FALSE",
        "five = - -5, TRUE",
        "five <> 6, TRUE",
        "half = .5, TRUE",
        "half > 0.0, TRUE",
        "half = 0, FAILED",
        "big = 99999999999, TRUE",
        "big > 5, TRUE",
        "blank = 5, FAILED",
        "blank = 5.0, TRUE",
        "word = 'apple', TRUE",
        "word = 'Apple', FALSE",
        "word = 5, FAILED",
        "word > 5, FAILED",
        "word > six, FAILED",
        "quote = 'it''s', TRUE",
        "empty = '', TRUE",
        "five = six, FALSE",
        "five < six, TRUE",
        "five <= six, TRUE",
        "five >= six, FALSE",
        "big > six, TRUE",
        "1 = 1.0, TRUE",
        "1 = 'x', FAILED",
      })
  void shouldCompareAsNumbersOrAsTexts(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource({
    "yes = TRUE, TRUE",
    "no = FALSE, TRUE",
    "word = FALSE, TRUE",
    "word <> TRUE, TRUE",
    "TRUE = yes, FAILED",
    "(five = 5) = TRUE, TRUE",
    "(five = 5) = (six = 5), FALSE",
    "five = 5 = TRUE, TRUE",
    "5 = TRUE, FALSE",
    "five, FALSE",
    "yes, FALSE",
    "NOT yes, TRUE",
    "gone, UNKNOWN",
    "NOT five = 5, FALSE",
    "NOT (five = 6), TRUE",
  })
  void shouldCompareWithTrueAndFalse(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource({
    "gone = 5, UNKNOWN",
    "gone <> 5, UNKNOWN",
    "gone > 5, UNKNOWN",
    "5 < gone, UNKNOWN",
    "5 = gone, FALSE",
    "5 <> gone, TRUE",
    "five = gone, FALSE",
    "gone = five, UNKNOWN",
    "gone = lost, TRUE",
    "gone IS NULL, TRUE",
    "gone IS NOT NULL, FALSE",
    "five IS NULL, FALSE",
    "five IS NOT NULL, TRUE",
    "(gone = 5) IS NULL, TRUE",
    "(word = 5) IS NULL, FAILED",
    "-five = 5, UNKNOWN",
    "NULL, UNKNOWN",
  })
  void shouldTellWhatIsNotThereFromWhatIsDifferent(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource({
    "TRUE,  TRUE,  TRUE,  TRUE",
    "TRUE,  FALSE, FALSE, TRUE",
    "TRUE,  NULL,  UNKNOWN, TRUE",
    "TRUE,  1 = 'x', FAILED, TRUE",
    "FALSE, TRUE,  FALSE, TRUE",
    "FALSE, FALSE, FALSE, FALSE",
    "FALSE, NULL,  FALSE, UNKNOWN",
    "FALSE, 1 = 'x', FALSE, FAILED",
    "NULL,  TRUE,  UNKNOWN, TRUE",
    "NULL,  FALSE, FALSE, UNKNOWN",
    "NULL,  NULL,  UNKNOWN, UNKNOWN",
    "NULL,  1 = 'x', FAILED, FAILED",
    "1 = 'x', TRUE,  FAILED, FAILED",
    "1 = 'x', FALSE, FAILED, FAILED",
  })
  void shouldJoinThreeTruthsAndEndWithAFailure(String left, String right, Truth and, Truth or) {
    assertThat(truth(left + " AND " + right)).isEqualTo(and);
    assertThat(truth(left + " OR " + right)).isEqualTo(or);
  }

  @ParameterizedTest
  @CsvSource({"TRUE, FALSE", "FALSE, TRUE", "NULL, UNKNOWN", "(1 = 'x'), FAILED"})
  void shouldNegate(String condition, Truth negated) {
    assertThat(truth("NOT " + condition)).isEqualTo(negated);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "TRUE OR TRUE AND FALSE | TRUE",
        "(TRUE OR TRUE) AND FALSE | FALSE",
        "NOT FALSE AND FALSE | FALSE",
        "five BETWEEN 1 AND 6 AND six = 7 | FALSE",
        "five = 5 OR six = 7 AND word = 'x' | TRUE",
        "1 < 2 = TRUE | TRUE",
      })
  void shouldBindAsRocketMqDoes(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "five BETWEEN 5 AND 5 | TRUE",
        "five BETWEEN 5.5 AND 6 | FALSE",
        "five NOT BETWEEN 6 AND 7 | TRUE",
        "five NOT BETWEEN 1 AND 5 | FALSE",
        "five BETWEEN half AND six | TRUE",
        "5 BETWEEN five AND six | TRUE",
        "five BETWEEN -6 AND -1 | FALSE",
        "gone BETWEEN 1 AND 2 | UNKNOWN",
        "five BETWEEN gone AND 7 | UNKNOWN",
        "five BETWEEN 7 AND gone | FALSE",
        "five NOT BETWEEN 7 AND gone | TRUE",
        "word BETWEEN 1 AND 2 | FAILED",
      })
  void shouldJudgeRanges(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "five IN ('4', '5') | TRUE",
        "five NOT IN ('4', '5') | FALSE",
        "five IN ('5.0') | FALSE",
        "gone IN ('5') | UNKNOWN",
        "gone NOT IN ('5') | UNKNOWN",
        "(five) IN ('5', '5') | TRUE",
        "word CONTAINS 'ppl' | TRUE",
        "word NOT CONTAINS 'ppl' | FALSE",
        "word STARTSWITH 'app' | TRUE",
        "word STARTSWITH 'ple' | FALSE",
        "word NOT STARTSWITH 'ple' | TRUE",
        "word ENDSWITH 'ple' | TRUE",
        "word NOT ENDSWITH 'app' | TRUE",
        "word CONTAINS '' | FALSE",
        "word NOT CONTAINS '' | FALSE",
        "gone CONTAINS 'x' | FALSE",
        "gone NOT CONTAINS 'x' | FALSE",
        "5 NOT CONTAINS '6' | FALSE",
      })
  void shouldLookForTexts(String expression, Truth truth) {
    assertThat(truth(expression)).isEqualTo(truth);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "five=5",
        "\"five\t=\n5\r\n\"",
        "five>4AND six>5",
        "five = /* not 6 */ 5",
        "\"five = -- not 6\n5\"",
        "five = 5 -- the end",
        "/**/five/* ** */= 5",
        "five between 1 And 6 aNd word contains 'p'",
        "((five)) = (5)",
        "_a$1 = 5",
      })
  void shouldNotMindHowItIsWritten(String expression) {
    Map<String, String> message = new HashMap<>(MESSAGE);
    message.put("_a$1", "5");
    assertThat(truth(expression, message)).isEqualTo(Truth.TRUE);
  }

  private static Truth truth(String expression) {
    return truth(expression, MESSAGE);
  }

  private static Truth truth(String expression, Map<String, String> message) {
    SqlParser parser = new SqlParser(expression);
    Condition condition = parser.parse();
    @Nullable
    String[] properties = parser.names().stream().map(message::get).toArray(String[]::new);
    return condition.truth(properties);
  }
}
