package io.escrowmq.remoting.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.BadHeaderException;
import io.escrowmq.remoting.Garbage;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.message.BatchCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameHeaderTest {

  private static final FrameLimits LIMITS = FrameLimits.of(1 << 20);

  // Headers that public clients wrote, byte for byte.
  private static final String JSON_REQUEST =
      "{\"code\":105,\"extFields\":{\"topic\":\"TopicTest\"},\"flag\":0,\"language\":\"JAVA\","
          + "\"opaque\":7,\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513}";
  private static final String JSON_RESPONSE =
      "{\"code\":0,\"flag\":1,\"language\":\"JAVA\",\"opaque\":7,"
          + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513}";
  private static final String BINARY_REQUEST = "000f0002010000000900000002000000000000004b"
      + "0007717565756549640000000133000c636f6d6d69744f66667365740000000234320005746f706963000000"
      + "09546f70696354657374000d636f6e73756d657247726f7570000000024347";
  private static final String BINARY_RESPONSE =
      "00110002010000000900000001000000086e6f20746f70696300000000";

  @Test
  void shouldWriteTheGoldenHeaders() {
    // given
    HeaderBuffer buffer = new HeaderBuffer();

    // then
    buffer.writeRequest(
        HeaderEncoding.JSON, 105, 7, false, fields -> fields.put("topic", "TopicTest"));
    assertThat(text(buffer)).isEqualTo(JSON_REQUEST);

    buffer.writeAnswer(HeaderEncoding.JSON, 0, 7, null, WireHeader.NONE);
    assertThat(text(buffer)).isEqualTo(JSON_RESPONSE);

    buffer.writeRequest(
        HeaderEncoding.BINARY,
        15,
        9,
        true,
        fields -> fields
            .put("queueId", 3)
            .put("commitOffset", 42)
            .put("topic", "TopicTest")
            .put("consumerGroup", "CG"));
    assertThat(hex(buffer)).isEqualTo(BINARY_REQUEST);

    buffer.writeAnswer(HeaderEncoding.BINARY, 17, 9, "no topic", WireHeader.NONE);
    assertThat(hex(buffer)).isEqualTo(BINARY_RESPONSE);
  }

  @Test
  void shouldReadTheGoldenHeaders() {
    FrameHeader request = json(JSON_REQUEST);
    assertThat(request.code()).isEqualTo(105);
    assertThat(request.opaque()).isEqualTo(7);
    assertThat(request.version()).isEqualTo(513);
    assertThat(request.isResponse()).isFalse();
    assertThat(request.fields().toMap()).isEqualTo(Map.of("topic", "TopicTest"));

    assertThat(json(JSON_RESPONSE).isResponse()).isTrue();

    FrameHeader oneWay = binary(BINARY_REQUEST);
    assertThat(oneWay.code()).isEqualTo(15);
    assertThat(oneWay.isOneWay()).isTrue();
    assertThat(oneWay.language()).isEqualTo("JAVA");
    assertThat(oneWay.fields().requiredInt("queueId")).isEqualTo(3);
    assertThat(oneWay.fields().requiredLong("commitOffset")).isEqualTo(42);
    assertThat(oneWay.fields().text("consumerGroup")).isEqualTo("CG");

    FrameHeader response = binary(BINARY_RESPONSE);
    assertThat(response.remark()).isEqualTo("no topic");
    assertThat(response.fields().toMap()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadBackWhatItWrote(HeaderEncoding encoding) {
    // given
    String odd = "a\u0001b\u0002\"\\/\n\u00fc\u20ac\ud83d\ude00";
    HeaderBuffer buffer = new HeaderBuffer();
    buffer.writeAnswer(
        encoding,
        21,
        -3,
        odd,
        fields -> fields
            .put("text", odd)
            .put("long", odd.repeat(20))
            .put("min", Long.MIN_VALUE)
            .put("max", Long.MAX_VALUE)
            .put("zero", 0)
            .put("yes", true)
            .put("no", false)
            .put("absent", null));

    // when
    FrameHeader header =
        FrameHeader.read(encoding, Arrays.copyOf(buffer.bytes(), buffer.size()), LIMITS);

    // then
    assertThat(header.code()).isEqualTo(21);
    assertThat(header.opaque()).isEqualTo(-3);
    assertThat(header.version()).isEqualTo(HeaderBuffer.VERSION);
    assertThat(header.remark()).isEqualTo(odd);
    assertThat(header.fields().text("text")).isEqualTo(odd);
    assertThat(header.fields().text("long")).isEqualTo(odd.repeat(20));
    assertThat(header.fields().requiredLong("min")).isEqualTo(Long.MIN_VALUE);
    assertThat(header.fields().requiredLong("max")).isEqualTo(Long.MAX_VALUE);
    assertThat(header.fields().requiredInt("zero")).isZero();
    assertThat(header.fields().booleanOr("yes", false)).isTrue();
    assertThat(header.fields().booleanOr("no", true)).isFalse();
    assertThat(header.fields().text("absent")).isNull();
  }

  @Test
  void shouldReadTheEscapesOfPropertyStrings() {
    // when
    FrameHeader header = json(
        "{\"code\":310,\"extFields\":{\"i\":\"TAGS\\u0001a\\u0002K\\u0001"
            + "\\ud83d\\ude00\\u00fc\\/\\t\\u0002\",\"n\":3,\"t\":true,\"z\":null},\"opaque\":1804289383}");

    // then
    assertThat(header.fields().text("i"))
        .isEqualTo("TAGS\u0001a\u0002K\u0001\ud83d\ude00\u00fc/\t\u0002");
    assertThat(header.fields().requiredInt("n")).isEqualTo(3);
    assertThat(header.fields().booleanOr("t", false)).isTrue();
    assertThat(header.fields().text("z")).isNull();
    assertThat(header.opaque()).isEqualTo(1804289383);
  }

  @Test
  void shouldReadWhatTheUsualClientsWriteInOnePass() {
    for (String usual : new String[] {
      JSON_REQUEST,
      JSON_RESPONSE,
      "{\"code\":310,\"extFields\":{\"i\":\"a\\u0001b\\u0002\",\"e\":\"3\"},\"flag\":0,\"opaque\":-1}",
      "{\"code\":34,\"language\":\"GO\",\"version\":317,\"opaque\":1,\"flag\":0,\"remark\":\"\",\"extFields\":{}}",
      " { \"code\" : 34 , \"extFields\" : null , \"remark\" : null }\n"
    }) {
      byte[] header = usual.getBytes(StandardCharsets.UTF_8);

      assertThat(new JsonHeaderScanner(header, LIMITS.maxFields()).scan())
          .as(usual)
          .isNotNull();
    }
  }

  /** Characters whose bytes are close to a quote or a backslash, at every place in a word. */
  @Test
  void shouldFindTheEndOfEveryString() {
    String[] pieces = {"!", "#", "[", "]", "\u00a2", "\u00dc", "\u0722", "\\\"", "\\\\"};
    Random random = new Random(17);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder written = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        written.append(pieces[random.nextInt(pieces.length)]);
      }
      String meant = written.toString().replace("\\\"", "\"").replace("\\\\", "\\");

      String text = "{\"code\":310,\"extFields\":{\"i\":\"" + written + "\",\"n\":\"3\"}}";
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      FrameHeader header = new JsonHeaderScanner(bytes, LIMITS.maxFields()).scan();

      assertThat(header).as(text).isNotNull();
      assertThat(header.fields().text("i")).as(text).isEqualTo(meant);
      assertThat(header.fields().requiredInt("n")).as(text).isEqualTo(3);
    }
  }

  @Test
  void shouldReadUnusualHeadersToo() {
    // when
    FrameHeader header = json("{ 'code' : \"10\", opaque:7, flag:2, version : 3, unknown:[{a:1}],"
        + " language:'GO', 'extFields':{'a':'x','\\u0062':1.5,c:{d:1},e:null}, }");

    // then
    assertThat(header.code()).isEqualTo(10);
    assertThat(header.opaque()).isEqualTo(7);
    assertThat(header.isOneWay()).isTrue();
    assertThat(header.version()).isEqualTo(3);
    assertThat(header.language()).isEqualTo("GO");
    assertThat(header.fields().toMap()).isEqualTo(Map.of("a", "x", "b", "1.5"));
  }

  @Test
  void shouldReadMissingMembersAsTheirDefaults() {
    FrameHeader header = json("{}");

    assertThat(header.code()).isZero();
    assertThat(header.language()).isEqualTo("JAVA");
    assertThat(header.remark()).isNull();
    assertThat(header.fields().toMap()).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsNoHeader() {
    for (String bad : new String[] {
      "",
      "[]",
      "{",
      "{\"code\":1",
      "{\"code\":1}x",
      "{\"code\":\"x\"}",
      "{\"code\":99999999999}",
      "{\"extFields\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(101),
      "null"
    }) {
      assertThatThrownBy(() -> json(bad)).as(bad).isInstanceOf(BadFrameException.class);
    }
  }

  @Test
  void shouldRefuseTooManyFields() {
    StringBuilder text = new StringBuilder("{\"extFields\":{\"x\":\"1\"");
    for (int i = 0; i < LIMITS.maxFields(); i++) {
      text.append(",\"f").append(i).append("\":\"\"");
    }
    assertThatThrownBy(() -> json(text + "}}"))
        .isInstanceOf(BadFrameException.class)
        .hasMessageContaining("256");
    assertThatThrownBy(() -> json(text.toString().replace('"', '\'') + "}}"))
        .isInstanceOf(BadFrameException.class)
        .hasMessageContaining("256");
  }

  @Test
  void shouldNameTheFieldThatIsNoNumber() {
    FrameHeader header = json("{\"extFields\":{\"a\":\"12x\",\"b\":\"99999999999\",\"c\":\"\"}}");

    assertThatThrownBy(() -> header.fields().requiredInt("a"))
        .isInstanceOf(BadHeaderException.class)
        .hasMessageContaining("'a'")
        .hasMessageContaining("12x");
    assertThatThrownBy(() -> header.fields().intOr("b", 0)).isInstanceOf(BadHeaderException.class);
    assertThatThrownBy(() -> header.fields().requiredLong("c"))
        .isInstanceOf(BadHeaderException.class);
    assertThatThrownBy(() -> header.fields().requiredLong("d"))
        .isInstanceOf(BadHeaderException.class)
        .hasMessageContaining("missing");
    assertThat(header.fields().longOr("d", 5)).isEqualTo(5);
  }

  @Test
  void shouldSurviveGarbage() {
    byte[] json = "{\"code\":310,\"extFields\":{\"a\":\"x\\u0001\",\"b\":3},\"remark\":\"r\"}"
        .getBytes(StandardCharsets.UTF_8);
    Garbage.feed(json, 11, bytes -> readAll(HeaderEncoding.JSON, bytes), BadFrameException.class);
    Garbage.feed(
        HexFormat.of().parseHex(BINARY_REQUEST),
        12,
        bytes -> readAll(HeaderEncoding.BINARY, bytes),
        BadFrameException.class);
  }

  @Test
  void shouldTakeTheIdsOfAllMessagesOfTheLargestBatchInAnAnswer() {
    // given
    int ids = 57 * BatchCodec.MOST_MESSAGES; // with IPv6 addresses and commas

    // when, then
    assertThat(LIMITS.headerBytes(ids + (1 << 10), 1 << 20)).isGreaterThan(ids);
  }

  @Test
  void shouldHoldLengthsAgainstTheLimits() {
    assertThat(LIMITS.frameBytes(4)).isEqualTo(8);
    assertThat(LIMITS.headerBytes(1 << 24 | 10, 18)).isEqualTo(10);
    for (int claimed : new int[] {-1, 0, 3, (1 << 20) + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> LIMITS.frameBytes(claimed)).isInstanceOf(BadFrameException.class);
    }
    assertThatThrownBy(() -> LIMITS.headerBytes(11, 18)).isInstanceOf(BadFrameException.class);
    assertThatThrownBy(() -> LIMITS.headerBytes((640 << 10) + 1, 1 << 20))
        .isInstanceOf(BadFrameException.class);
    assertThatThrownBy(() -> HeaderMark.encoding(2 << 24)).isInstanceOf(BadFrameException.class);
  }

  private static void readAll(HeaderEncoding encoding, byte[] bytes) {
    FrameHeader header = FrameHeader.read(encoding, bytes, LIMITS);
    header.fields().toMap();
    header.fields().text("a");
    header.fields().text("topic");
  }

  private static FrameHeader json(String text) {
    return FrameHeader.read(HeaderEncoding.JSON, text.getBytes(StandardCharsets.UTF_8), LIMITS);
  }

  private static FrameHeader binary(String hex) {
    return FrameHeader.read(HeaderEncoding.BINARY, HexFormat.of().parseHex(hex), LIMITS);
  }

  private static String text(HeaderBuffer buffer) {
    return new String(buffer.bytes(), 0, buffer.size(), StandardCharsets.UTF_8);
  }

  private static String hex(HeaderBuffer buffer) {
    return HexFormat.of().formatHex(buffer.bytes(), 0, buffer.size());
  }
}
