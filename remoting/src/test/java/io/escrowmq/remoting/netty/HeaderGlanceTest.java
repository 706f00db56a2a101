package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.frame.BadFrameException;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a glance at a header finds, beside what reading it finds. */
class HeaderGlanceTest {

  private static final FrameLimits LIMITS = FrameLimits.of(16 << 20);
  private static final int BINARY_FLAG_AT = 9;
  private static final String FIELDS =
      "\"extFields\":{\"a\":\"group\",\"i\":\"KEYS\\u0001k},\\u0002\"}";
  private static final String BEHIND = "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":455}";

  private final HeaderGlance glance = new HeaderGlance();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"language\":\"JAVA\",\"opaque\":-2147483648,"
            + BEHIND,
        "{\"code\":310,\"language\":\"GO\",\"version\":317,\"opaque\":7,\"flag\":0,\"remark\":\"\","
            + FIELDS + "}",
        "{\"code\":310,\"flag\":0,\"language\":\"CPP\",\"opaque\":2147483647,\"version\":1}",
        "{\"code\":310,\"extFields\":{},\"flag\":0,\"language\":\"JAVA\",\"opaque\":5," + BEHIND,
        "{\"code\":10,\"extFields\":{\"a\":\"},\",\"b\":\"{\"},\"opaque\":5,\"flag\":4,\"version\":1}"
      })
  void shouldFindInHeadersAsClientsWriteThemWhatReadingFinds(String json) {
    // when
    Found found = look(HeaderEncoding.JSON, json.getBytes(StandardCharsets.UTF_8));

    // then
    assertThat(found).isEqualTo(read(HeaderEncoding.JSON, json.getBytes(StandardCharsets.UTF_8)));
    assertThat(found.isTwoWay()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":310," + FIELDS + ",\"flag\":2,\"language\":\"JAVA\",\"opaque\":5," + BEHIND,
        "{\"code\":10," + FIELDS + ",\"flag\":1,\"language\":\"JAVA\",\"opaque\":5," + BEHIND,
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"language\":\"JAVA\"," + BEHIND,
        "{\"code\":310," + FIELDS + ",\"language\":\"JAVA\",\"opaque\":5," + BEHIND,
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"opaque\":5,\"remark\":\"a\\\"b\",\"version\":1}",
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"opaque\":5,\"more\":1}",
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"opaque\":5,\"more\":{},\"version\":1}",
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"opaque\":,\"version\":1}",
        "{\"code\":310," + FIELDS + ",\"flag\":0,\"opaque\":55555555555,\"version\":1}",
        "{\"code\":310," + FIELDS + ",\"flag\":0, \"opaque\":5,\"version\":1}",
        "{\"code\":310," + FIELDS + "}"
      })
  void shouldLeaveToReadingWhatWaitsForNoAnswerOrLooksDifferent(String json) {
    // then
    assertThat(look(HeaderEncoding.JSON, json.getBytes(StandardCharsets.UTF_8)).isTwoWay())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"opaque\":5,\"code\":310,\"flag\":0}",
        "{ \"code\":310,\"opaque\":5}",
        "{\"code\":,\"opaque\":5,\"flag\":0}",
        "{\"code\":1234567,\"opaque\":5}",
        "{\"code\":310}",
        "{}"
      })
  void shouldSayThatItDoesNotKnowTheCode(String json) {
    // then
    assertThat(look(HeaderEncoding.JSON, json.getBytes(StandardCharsets.UTF_8)).code())
        .isEqualTo(HeaderGlance.UNKNOWN);
  }

  @Test
  void shouldFindWhatReadingFindsInWhateverIsWritten() {
    // given
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      HeaderEncoding encoding = random.nextBoolean() ? HeaderEncoding.JSON : HeaderEncoding.BINARY;
      byte[] header = written(encoding, random);

      // when
      Found found = look(encoding, header);

      // then
      assertThat(found).as(text(header)).isEqualTo(read(encoding, header));
    }
  }

  @Test
  void shouldFindWhatReadingFindsOrNothingInHeadersThatAreDamaged() {
    // given
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      HeaderEncoding encoding = random.nextBoolean() ? HeaderEncoding.JSON : HeaderEncoding.BINARY;
      byte[] header = written(encoding, random);
      for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
        header = damaged(header, random);
      }

      // when
      Found found = look(encoding, header); // never fails

      // then
      Found read = readOrNothing(encoding, header);
      if (found.isTwoWay() && read != null && read.isTwoWay()) {
        assertThat(found).as(text(header)).isEqualTo(read);
      }
    }
  }

  private static byte[] written(HeaderEncoding encoding, Random random) {
    HeaderBuffer buffer = new HeaderBuffer();
    int fields = random.nextInt(12);
    int longest = random.nextBoolean() ? 8 : 300;
    buffer.writeRequest(encoding, random.nextInt(1_000), random.nextInt(), false, out -> {
      for (int i = 0; i < fields; i++) {
        out.put("f" + i, text(random, longest));
      }
    });
    return flagged(encoding, Arrays.copyOf(buffer.bytes(), buffer.size()), random.nextInt(8));
  }

  /** The header of a request with another flag: of an answer, of one that waits for none, or both. */
  static byte[] flagged(HeaderEncoding encoding, byte[] header, int flag) {
    if (encoding == HeaderEncoding.BINARY) {
      ByteBuffer.wrap(header).putInt(BINARY_FLAG_AT, flag);
      return header;
    }
    return text(header)
        .replace("\"flag\":0", "\"flag\":" + flag)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(Random random, int longest) {
    String letters = "ab\"\\{},:\u00e9\u0001";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  private static byte[] damaged(byte[] header, Random random) {
    if (header.length == 0) {
      return header;
    }
    int at = random.nextInt(header.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(header, at);
      case 1 -> {
        byte[] shorter = Arrays.copyOf(header, header.length - 1);
        System.arraycopy(header, at + 1, shorter, at, shorter.length - at);
        yield shorter;
      }
      default -> {
        byte[] other = header.clone();
        other[at] = (byte) "0\"{},:x".charAt(random.nextInt(7));
        yield other;
      }
    };
  }

  private record Found(int code, boolean isTwoWay, int opaque) {}

  private Found look(HeaderEncoding encoding, byte[] header) {
    ByteBuf frame = Unpooled.directBuffer(header.length + 8);
    try {
      frame.writeLong(0).writeBytes(header);
      int code = glance.code(encoding, frame, 8, header.length);
      boolean isTwoWay =
          code != HeaderGlance.UNKNOWN && glance.findTwoWay(encoding, frame, 8, header.length);
      return new Found(code, isTwoWay, isTwoWay ? glance.opaque() : 0);
    } finally {
      frame.release();
    }
  }

  private static Found read(HeaderEncoding encoding, byte[] header) {
    FrameHeader read = FrameHeader.read(encoding, header, LIMITS);
    boolean isTwoWay = !read.isResponse() && !read.isOneWay();
    return new Found(read.code(), isTwoWay, isTwoWay ? read.opaque() : 0);
  }

  private static @Nullable Found readOrNothing(HeaderEncoding encoding, byte[] header) {
    try {
      return read(encoding, header);
    } catch (BadFrameException e) {
      return null;
    }
  }

  private static String text(byte[] header) {
    return new String(header, StandardCharsets.ISO_8859_1);
  }
}
