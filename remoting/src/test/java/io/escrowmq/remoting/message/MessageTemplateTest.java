package io.escrowmq.remoting.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTemplateTest {

  private static final byte[] MORE = "more\u0001of it\u0002".getBytes(UTF_8);

  @ParameterizedTest
  @CsvSource({"6, 127.0.0.1, 127.0.0.1", "6, ::1, 127.0.0.1", "127, 127.0.0.1, ::1", "128, ::1, ::1"
  })
  void shouldWriteTheBytesOfEachMessageAsIfItWereEncodedAlone(
      int topicLength, String born, String store) throws UnknownHostException {
    // given
    String topic = "t".repeat(topicLength);
    InetSocketAddress bornHost = new InetSocketAddress(InetAddress.getByName(born), 5_001);
    InetSocketAddress storeHost = new InetSocketAddress(InetAddress.getByName(store), 10_911);
    MessageTemplate template =
        new MessageTemplate(topic, 3, SysFlags.MULTI_TAGS, 77, bornHost, storeHost, 2);
    BatchItem first = item(5, "a body", "a\u0001b\u0002");
    BatchItem second = item(0, "", "");
    byte[] bytes = new byte[2_000];
    Arrays.fill(bytes, (byte) 0x55); // what an earlier batch left behind

    // when
    int end = template.write(first, MORE, bytes, 9);
    int endOfSecond = template.write(second, new byte[0], bytes, end);

    // then
    byte[] alone = MessageCodec.encode(new NewMessage(
        topic,
        3,
        5,
        SysFlags.MULTI_TAGS,
        77,
        bornHost,
        storeHost,
        2,
        0,
        first.body(),
        "a\u0001b\u0002more\u0001of it\u0002"));
    byte[] secondAlone = MessageCodec.encode(new NewMessage(
        topic, 3, 0, SysFlags.MULTI_TAGS, 77, bornHost, storeHost, 2, 0, second.body(), ""));
    assertThat(Arrays.copyOfRange(bytes, 9, end)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(bytes, end, endOfSecond)).isEqualTo(secondAlone);
    assertThat(template.length(first, MORE)).isEqualTo(alone.length);
  }

  @Test
  void shouldRefusePropertiesThatTheLayoutHasNoPlaceFor() {
    // given
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
    MessageTemplate template = new MessageTemplate("t", 0, 0, 0, host, host, 0);
    BatchItem item = item(0, "", "p".repeat(Properties.MAX_BYTES - MORE.length + 1));
    byte[] bytes = new byte[50_000];

    // then
    assertThatThrownBy(() -> template.write(item, MORE, bytes, 0))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining("32768 bytes, at most 32767");
  }

  private static BatchItem item(int flag, String body, String properties) {
    return new BatchItem(flag, ByteBuffer.wrap(body.getBytes(UTF_8)), ByteBuffer.wrap(new byte[0]))
        .with(properties);
  }
}
