package io.escrowmq.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
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
  @CsvFileSource(resources = "conditions.txt", delimiter = '|', quoteCharacter = '"')
  void shouldSay(String expression, Truth truth) {
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
    return condition.truth(new Candidate(properties, new Work()));
  }
}
