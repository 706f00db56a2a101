package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "*"})
  void shouldWantEverything(String expression) {
    // when
    Subscription subscription = Subscription.parse("T", expression, null, 1);

    // then
    assertThat(subscription.isAll()).isTrue();
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
    assertThat(subscription.tags()).containsExactly("a", "b");
  }

  @Test
  void shouldNotWantMessagesWithoutTagWhenTagsAreSubscribed() {
    assertThat(Subscription.parse("T", "a", "TAG", 1).matches(0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "||", " || "})
  void shouldRefuseExpressionWithoutTag(String expression) {
    assertThatThrownBy(() -> Subscription.parse("T", expression, "TAG", 1))
        .isInstanceOf(BadSubscriptionException.class)
        .hasMessageContaining("names no tag");
  }

  @Test
  void shouldRefuseTooManyTags() {
    // given
    String tags = IntStream.rangeClosed(0, Subscription.MOST_TAGS)
        .mapToObj(i -> "t" + i)
        .collect(Collectors.joining("||"));

    // then
    assertThatThrownBy(() -> Subscription.parse("T", tags, "TAG", 1))
        .isInstanceOf(BadSubscriptionException.class)
        .hasMessageContaining("1024");
  }

  @Test
  void shouldKeepExpressionsOfOtherTypesAsText() {
    // when
    Subscription subscription = Subscription.parse("T", "a > 5", "SQL92", 7);

    // then
    assertThat(subscription.isByTag()).isFalse();
    assertThat(subscription.expression()).isEqualTo("a > 5");
    assertThat(subscription.version()).isEqualTo(7);
  }
}
