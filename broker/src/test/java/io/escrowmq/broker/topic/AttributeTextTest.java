package io.escrowmq.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTextTest {

  @Test
  void shouldSetAlterAndRemove() {
    // when
    Map<String, String> after =
        AttributeText.change(Map.of("a", "1", "b", "2"), "+a=3, -b ,+c=x=y,,-absent");

    // then
    assertThat(after).isEqualTo(Map.of("a", "3", "c", "x=y"));
  }

  @Test
  void shouldChangeNothingWhenNothingIsAsked() {
    assertThat(AttributeText.change(Map.of("a", "1"), "")).isEqualTo(Map.of("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1", "+a", "+=1", "-", "+"})
  void shouldRefuseWhatIsNoChangeAndNameIt(String part) {
    assertThatThrownBy(() -> AttributeText.change(Map.of(), "+k=v," + part))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + part + "'");
  }

  @Test
  void shouldReadChangesThatComeAsAMap() {
    // when
    Map<String, String> after =
        AttributeText.change(Map.of("a", "1", "b", "2"), Map.of("+a", "3", "-b", "", "plain", "4"));

    // then
    assertThat(after).isEqualTo(Map.of("a", "3", "plain", "4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "- "})
  void shouldRefuseAttributeWithoutAName(String key) {
    assertThatThrownBy(() -> AttributeText.change(Map.of(), Map.of(key, "v")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no name");
  }

  @Test
  void shouldBoundWhatGathersOverManyChanges() {
    // given
    Map<String, String> before = AttributeText.change(Map.of(), "+a=" + "x".repeat(8_000));

    // when, then
    assertThatThrownBy(() -> AttributeText.change(before, "+b=" + "y".repeat(500)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8502")
        .hasMessageContaining("8192");
  }
}
