package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PropertiesTest {

  private static final String TEXT = "a\u00011\u0002bb\u00012 3\u0002a\u0001x\u0002";

  @Test
  void shouldFormatWhatItParsed() {
    assertThat(Properties.format(Properties.parse(TEXT)))
        .isEqualTo("a\u0001x\u0002bb\u00012 3\u0002");
  }

  @Test
  void shouldFindAValueWithoutParsing() {
    assertThat(Properties.value(TEXT, "a")).isEqualTo("x");
    assertThat(Properties.value(TEXT, "bb")).isEqualTo("2 3");
    assertThat(Properties.value(TEXT, "b")).isNull();
    assertThat(Properties.value("", "b")).isNull();
    assertThat(Properties.value("b\u00011", "b")).isEqualTo("1");
  }

  @Test
  void shouldFindSeveralValuesAsItFindsEach() {
    assertThat(Properties.values(TEXT, "bb", "a", "b", "")).containsExactly("2 3", "x", null, null);
    assertThat(Properties.values("", "b")).containsExactly((String) null);
    assertThat(Properties.values("b\u00011", "b", "bb")).containsExactly("1", null);
  }

  @Test
  void shouldReplaceEveryEntryOfTheName() {
    assertThat(Properties.with(TEXT, "a", "9")).isEqualTo("bb\u00012 3\u0002a\u00019\u0002");
    assertThat(Properties.with("", "a", "9")).isEqualTo("a\u00019\u0002");
    assertThat(Properties.with("b\u00011", "a", "9")).isEqualTo("b\u00011\u0002a\u00019\u0002");
  }

  @Test
  void shouldTakeOutEveryEntryOfTheName() {
    assertThat(Properties.without(TEXT, "a")).isEqualTo("bb\u00012 3\u0002");
    assertThat(Properties.without(TEXT, "bb")).isEqualTo("a\u00011\u0002a\u0001x\u0002");
    assertThat(Properties.without(TEXT, "zz")).isSameAs(TEXT);
    assertThat(Properties.without("a\u00011", "a")).isEmpty();
  }

  @Test
  void shouldCountBytesNotCharacters() {
    assertThat(Properties.byteLength("abc")).isEqualTo(3);
    assertThat(Properties.byteLength("a\u00fc\u20ac")).isEqualTo(6);
  }

  @Test
  void shouldSplitKeysAtBlanks() {
    assertThat(Properties.splitKeys("k1 k2  k3 ")).containsExactly("k1", "k2", "k3");
    assertThat(Properties.splitKeys("")).isEmpty();
    assertThat(Properties.splitKeys(null)).isEmpty();
  }

  @Test
  void shouldComputeTagCodesAsClientsDo() {
    assertThat(Tags.codeOf("TagA")).isEqualTo("TagA".hashCode());
    assertThat(Tags.codeOf(null)).isEqualTo(Tags.NONE);
  }
}
