package io.escrowmq.broker.connected;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "*"})
  void shouldWantEverything(String expression) {
    // when
    Subscription subscription = Subscription.parse("T", expression, null, 1);

    // then
    assertThat(subscription.matches(0)).isTrue();
    assertThat(subscription.matches("a".hashCode())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a,true", "b,true", "c,false"})
  void shouldWantSubscribedTagsOnly(String tag, boolean wanted) {
    // given
    Subscription subscription = Subscription.parse("T", " a ||b||", "TAG", 1);

    // then
    assertThat(subscription.matches(tag.hashCode())).isEqualTo(wanted);
    assertThat(subscription.entry().tags()).containsExactly("a", "b");
  }

  @Test
  void shouldNotWantMessagesWithoutTagWhenTagsAreSubscribed() {
    assertThat(Subscription.parse("T", "a", "TAG", 1).matches(0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "||", " || "})
  void shouldRefuseExpressionWithoutTag(String expression) {
    assertThat(Subscription.parse("T", expression, "TAG", 1).trouble()).contains("names no tag");
  }

  @Test
  void shouldRefuseTooManyTags() {
    // given
    String tags = IntStream.rangeClosed(0, Subscription.MOST_TAGS)
        .mapToObj(i -> "t" + i)
        .collect(Collectors.joining("||"));

    // then
    assertThat(Subscription.parse("T", tags, "TAG", 1).trouble()).contains("1024");
  }

  @Test
  void shouldLeaveItToTheFilterWhatAnSqlExpressionWants() {
    // when
    Subscription subscription = Subscription.parse("T", "a > 5", "SQL92", 7);

    // then
    assertThat(subscription.trouble()).isNull();
    assertThat(subscription.filter()).isNotNull();
    assertThat(subscription.matches("any".hashCode())).isTrue();
    assertThat(subscription.expression()).isEqualTo("a > 5");
    assertThat(subscription.version()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a >    | SQL92 | the SQL92 subscription 'a >' cannot be read: column 4",
        "''     | SQL92 | the SQL92 subscription '' cannot be read: column 1",
        "a > 5  | sql92 | the sql92 subscription 'a > 5' cannot be read: there is no expression type",
      })
  void shouldKeepWhatCannotBeReadAndSayWhy(String expression, String type, String trouble) {
    // when
    Subscription subscription = Subscription.parse("T", expression, type, 7);

    // then
    assertThat(subscription.trouble()).startsWith(trouble);
    assertThat(subscription.filter()).isNull();
    assertThat(subscription.expression()).isEqualTo(expression);
    assertThat(subscription.type()).isEqualTo(type);
  }

  @Test
  void shouldNeitherReadNorKeepAnExpressionThatIsTooLong() {
    // given
    String longest = "x".repeat(Subscription.MOST_CHARACTERS);

    // when
    Subscription fits = Subscription.parse("T", longest, "TAG", 1);
    Subscription tooLong = Subscription.parse("T", longest + "x", "TAG", 1);
    Subscription endless = Subscription.parse("T", "x".repeat(12_000_000), "y".repeat(1_000), 1);

    // then
    assertThat(fits.trouble()).isNull();
    assertThat(fits.matches(longest.hashCode())).isTrue();
    assertThat(tooLong.trouble()).contains("65537 characters", "at most 65536");
    assertThat(tooLong.heldBytes()).isLessThan(1_000);
    assertThat(endless.trouble()).contains("12000000 characters");
    assertThat(endless.heldBytes()).isLessThan(1_000);
    assertThat(endless.type().length()).isLessThan(100);
  }
}
