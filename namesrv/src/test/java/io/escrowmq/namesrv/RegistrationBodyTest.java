package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.escrowmq.namesrv.route.TopicQueues;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationBodyTest {

  @Test
  void shouldReadTheJsonOfTheProtocolPage() {
    // when: namesrv.md 4.2
    RegistrationBody body = RegistrationBody.read(
        ("{\"filterServerList\":[],\"topicConfigSerializeWrapper\":{\"dataVersion\":{\"counter\":2,"
                + "\"stateVersion\":0,\"timestamp\":1700000000000},\"mappingDataVersion\":"
                + "{\"counter\":0,\"stateVersion\":0,\"timestamp\":1700000000000},"
                + "\"topicConfigTable\":{\"T\":{\"attributes\":{},\"order\":false,\"perm\":6,"
                + "\"readQueueNums\":8,\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\","
                + "\"topicSysFlag\":0,\"writeQueueNums\":8}},\"topicQueueMappingDetailMap\":{},"
                + "\"topicQueueMappingInfoMap\":{}}}")
            .getBytes(UTF_8),
        false,
        10);

    // then
    assertThat(body)
        .isEqualTo(new RegistrationBody(
            new DataVersion(2, 0, 1_700_000_000_000L),
            Map.of("T", new TopicQueues(8, 8, 6, 0)),
            0));
  }

  @Test
  void shouldReadTheCompressedFormOfTheProtocolPage() {
    // when: namesrv.md 4.3
    RegistrationBody body = RegistrationBody.read(Bodies.compressedOneTopic(), true, 10);

    // then
    assertThat(body)
        .isEqualTo(new RegistrationBody(
            new DataVersion(2, 0, 1), Map.of("T", new TopicQueues(8, 8, 6, 0)), 0));
  }

  @Test
  void shouldReadBothFormsThatOurBrokersWrite() {
    // given
    DataVersion version = new DataVersion(7, 1, 1_700_000_000_000L);
    TopicConfig topic = new TopicConfig("%RETRY%g", 1, 2, 6, true, 0, true, Map.of("k", "a b"));
    Registration written = new Registration(new TopicTable(version, Map.of(topic.topic(), topic)));

    // when
    RegistrationBody plain = RegistrationBody.read(written.toBytes(), false, 10);
    RegistrationBody compressed = RegistrationBody.read(written.toCompressedBytes(), true, 10);

    // then
    assertThat(plain)
        .isEqualTo(compressed)
        .isEqualTo(
            new RegistrationBody(version, Map.of("%RETRY%g", new TopicQueues(1, 2, 6, 0)), 0));
  }

  @Test
  void shouldReadTopicsWithoutAttributesAsOlderBrokersWriteThem() {
    // given
    byte[] body = Bodies.deflated(bytes(entry("{\"counter\":1}"), entry("T 4 3 2 SINGLE_TAG"), 1));

    // when, then
    assertThat(RegistrationBody.read(body, true, 10).topics())
        .isEqualTo(Map.of("T", new TopicQueues(4, 3, 2, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"topicConfigSerializeWrapper\":null}",
        "{\"topicConfigSerializeWrapper\":{\"dataVersion\":null,\"topicConfigTable\":null}}",
        "{\"topicConfigSerializeWrapper\":{\"topicConfigTable\":{},\"topicQueueMappingDetailMap\":"
            + "{\"T\":{\"hostedQueues\":{0:[]}}}}}",
        ""
      })
  void shouldReadARegistrationWithoutTopics(String json) {
    assertThat(RegistrationBody.read(json.getBytes(UTF_8), false, 10))
        .isEqualTo(new RegistrationBody(new DataVersion(0, 0, 0), Map.of(), 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "null", "{", "{\"topicConfigSerializeWrapper\":{", "\u0000"})
  void shouldRefuseWhatIsNoRegistration(String json) {
    assertThatThrownBy(() -> RegistrationBody.read(json.getBytes(UTF_8), false, 10))
        .isInstanceOf(BadBodyException.class);
  }

  @Test
  void shouldRefuseDeepJson() {
    assertThatThrownBy(() ->
            RegistrationBody.read(("{\"x\":" + "[".repeat(1_000_000)).getBytes(UTF_8), false, 10))
        .isInstanceOf(BadBodyException.class);
  }

  @Test
  void shouldLeaveOutTopicsBeyondTheLimitAndCountThem() {
    // when
    RegistrationBody plain =
        RegistrationBody.read(topics(1, "A", "B", "C").getBytes(UTF_8), false, 2);
    RegistrationBody compressed =
        RegistrationBody.read(Bodies.compressed(1, List.of("A", "B", "C"), 3), true, 2);
    RegistrationBody justAsMany =
        RegistrationBody.read(Bodies.compressed(1, List.of("A", "B", "C"), 3), true, 3);

    // then
    assertThat(plain.topics()).hasSize(2);
    assertThat(plain.leftOut()).isEqualTo(1);
    assertThat(compressed.topics()).containsOnlyKeys("A", "B");
    assertThat(compressed.leftOut()).isEqualTo(1);
    assertThat(justAsMany.topics()).hasSize(3);
    assertThat(justAsMany.leftOut()).isZero();
  }

  @Test
  void shouldNotReadForEverWhatItLeavesOut() {
    // when: two are taken, and of a billion that are claimed two more are read
    RegistrationBody body = RegistrationBody.read(
        Bodies.compressed(1, List.of("A", "B", "C", "D"), 1_000_000_000), true, 2);

    // then
    assertThat(body.topics()).containsOnlyKeys("A", "B");
    assertThat(body.leftOut()).isEqualTo(2);
  }

  @Test
  void shouldTakeNoMemoryForALengthThatIsOnlyClaimed() {
    // given
    byte[] body = Bodies.deflated(new byte[] {0x7f, -1, -1, -1, '{', '}'});

    // when, then
    assertThatThrownBy(() -> RegistrationBody.read(body, true, 10))
        .hasMessageContaining("claims 2147483647 bytes, at most 65536");
  }

  @Test
  void shouldRefuseTopicsThatNoBrokerCanHave() {
    assertThat(refusal("T -1 8 6 SINGLE_TAG {}")).contains("'T'", "-1 queues", "between 0 and");
    assertThat(refusal("T 8 70000 6 SINGLE_TAG {}")).contains("70000", "65535");
    assertThat(refusal("T 8 8 9 SINGLE_TAG {}")).contains("permission 9", "7");
    assertThat(refusal("x".repeat(300) + " 8 8 6 SINGLE_TAG {}")).contains("300", "255");
    assertThat(refusal("T 8 8")).contains("incomplete");
    assertThat(refusal("T 8 8 99999999999 X")).contains("cannot be read");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldAnswerGarbageWithARefusalOnly(long seed) {
    // given
    Random random = new Random(seed);
    byte[] json = topics(1, "T", "U").getBytes(UTF_8);
    byte[] compressed = Bodies.compressedOneTopic();

    for (int round = 0; round < 2_000; round++) {
      // when
      boolean isCompressed = random.nextBoolean();
      byte[] body = (isCompressed ? compressed : json).clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
      Throwable failure = catchThrowable(() -> RegistrationBody.read(body, isCompressed, 10));

      // then
      if (failure != null) {
        assertThat(failure)
            .as("seed %d, round %d", seed, round)
            .isInstanceOf(BadBodyException.class);
      }
    }
  }

  private static String refusal(String line) {
    byte[] body = Bodies.deflated(bytes(entry("{}"), entry(line), 1));
    return String.valueOf(
        catchThrowable(() -> RegistrationBody.read(body, true, 10)).getMessage());
  }

  private static byte[] bytes(byte[] version, byte[] topic, int count) {
    return ByteBuffer.allocate(version.length + 4 + topic.length)
        .put(version)
        .putInt(count)
        .put(topic)
        .array();
  }

  private static byte[] entry(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }
}
