package io.escrowmq.namesrv.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvConfigTest {

  private static final KvLimits FEW = new KvLimits(2, 18, 20, 60);

  private final MemoryKvFile file = new MemoryKvFile();
  private final KvConfig config = KvConfig.open(file, FEW);

  @Test
  void shouldKnowAfterARestartWhatWasPut() {
    // given
    config.put("ns", "key", "välue \"1\"\n");
    config.put("ns", "other", "2");
    config.delete("ns", "other");

    // when
    KvNamespaces table = KvConfig.open(file, FEW).table();

    // then
    assertThat(table.namespace("ns")).isEqualTo(Map.of("key", "välue \"1\"\n"));
    assertThat(table.entries()).isEqualTo(1);
  }

  @Test
  void shouldReadTheFileOfARocketMqNameServer() {
    // given
    file.content = "{\"version\":1,\"configTable\":{\"ORDER_TOPIC_CONFIG\":{\"T\":\"broker-a:4\"}}}"
        .getBytes(UTF_8);

    // when
    KvNamespaces table = KvConfig.open(file, FEW).table();

    // then
    assertThat(table.find(KvNamespaces.ORDER_TOPICS, "T")).isEqualTo("broker-a:4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"configTable\":{\"ns\":1}}", "\u0000\u0000"})
  void shouldNotStartOnAFileThatItCannotUnderstand(String content) {
    // given
    file.content = content.getBytes(UTF_8);

    // when, then
    assertThatThrownBy(() -> KvConfig.open(file, FEW))
        .isInstanceOf(KvFileException.class)
        .hasMessageContaining("repair or remove");
  }

  @Test
  void shouldChangeNothingWhenTheChangeCannotBeKept() {
    // given
    config.put("ns", "key", "1");
    file.isFull = true;

    // when
    assertThatThrownBy(() -> config.put("ns", "key", "2")).isInstanceOf(KvFileException.class);
    assertThatThrownBy(() -> config.delete("ns", "key")).isInstanceOf(KvFileException.class);

    // then
    assertThat(config.table().find("ns", "key")).isEqualTo("1");
  }

  @Test
  void shouldWriteNothingWhenNothingIsDeleted() {
    // when
    config.delete("ns", "key");

    // then
    assertThat(file.replaced).isZero();
  }

  @Test
  void shouldNameTheValueAndTheLimitOfWhatIsTooMuch() {
    // given
    config.put("ns", "a", "1");
    config.put("ns", "b", "2");

    // when, then
    assertThat(config.refusal("ns", "c", "3")).contains("2 entries", "at most 2");
    assertThat(config.refusal("ns", "b", "3")).isNull();
    assertThat(config.refusal("ns", "b", "x".repeat(21))).contains("21 characters", "at most 20");
    assertThat(config.refusal("ns", "x".repeat(19), "")).contains("19 characters", "at most 18");
    assertThat(config.refusal(" ", "b", "1")).contains("blank");

    // given
    config.delete("ns", "b");
    config.put("ns", "a", "x".repeat(20));
    KvConfig tight = KvConfig.open(file, new KvLimits(2, 18, 20, 30));

    // when, then
    assertThat(tight.refusal("ns", "b", "x".repeat(10))).contains("32 characters", "at most 30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "broker-a:4", "broker-a:4;b:16", "a:4;"})
  void shouldTakeOrderValuesThatClientsCanRead(String value) {
    assertThat(config.refusal(KvNamespaces.ORDER_TOPICS, "T", value)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker-a", "a:b", ";", "a:4,b:4", "a:-1", "a: 4"})
  void shouldRefuseOrderValuesThatStopClients(String value) {
    assertThat(config.refusal(KvNamespaces.ORDER_TOPICS, "T", value))
        .contains("broker-a:4;broker-b:4");
  }
}
