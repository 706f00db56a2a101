package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.Garbage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

  // Records that public clients decoded and encoded byte for byte.
  private static final byte[] GOLDEN_V1 = HexFormat.of()
      .parseHex("000000afdaa320a73610a68600000002000000000000000000000005000000000000100000000000"
          + "0000018bcfe568000a0000090000c3500000018bcfe568010a00000100002a9f0000000000000000"
          + "000000000000000568656c6c6f09546f706963546573740046554e49515f4b455901304130303030"
          + "303930303031303030303030303030303030303030303030303102544147530154616741024b4559"
          + "53016b310257414954017472756502");
  private static final byte[] GOLDEN_V2 = HexFormat.of()
      .parseHex("000000b0daa320ab3610a68600000002000000000000000000000005000000000000100000000000"
          + "0000018bcfe568000a0000090000c3500000018bcfe568010a00000100002a9f0000000000000000"
          + "000000000000000568656c6c6f0009546f706963546573740046554e49515f4b4559013041303030"
          + "30303930303031303030303030303030303030303030303030303102544147530154616741024b45"
          + "5953016b310257414954017472756502");
  private static final String PROPERTIES =
      "UNIQ_KEY\u00010A000009000100000000000000000001\u0002TAGS\u0001TagA\u0002KEYS\u0001k1\u0002"
          + "WAIT\u0001true\u0002";

  @Test
  void shouldWriteTheGoldenRecord() throws Exception {
    // when
    byte[] bytes = MessageCodec.encode(message("TopicTest", "10.0.0.9", "10.0.0.1"));
    MessageCodec.stamp(bytes, 5, 4096, 1_700_000_000_001L);

    // then
    assertThat(bytes).isEqualTo(GOLDEN_V1);
  }

  @Test
  void shouldReadTheGoldenRecords() throws Exception {
    for (byte[] golden : new byte[][] {GOLDEN_V1, GOLDEN_V2}) {
      // when
      MessageView view = MessageView.of(golden);

      // then
      assertThat(view.size()).isEqualTo(golden.length);
      assertThat(view.isV2()).isEqualTo(golden == GOLDEN_V2);
      assertThat(view.topic()).isEqualTo("TopicTest");
      assertThat(view.isTopic("TopicTest".getBytes(StandardCharsets.UTF_8))).isTrue();
      assertThat(view.isTopic("TopicTesu".getBytes(StandardCharsets.UTF_8))).isFalse();
      assertThat(view.queueId()).isEqualTo(2);
      assertThat(view.queueOffset()).isEqualTo(5);
      assertThat(view.position()).isEqualTo(4096);
      assertThat(view.bodyCrc()).isEqualTo(907060870);
      assertThat(view.isBodyIntact()).isTrue();
      assertThat(view.body()).isEqualTo(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
      assertThat(view.bornTimestamp()).isEqualTo(1_700_000_000_000L);
      assertThat(view.storeTimestamp()).isEqualTo(1_700_000_000_001L);
      assertThat(view.bornHost()).isEqualTo(host("10.0.0.9", 50000));
      assertThat(view.storeHost()).isEqualTo(host("10.0.0.1", 10911));
      assertThat(view.properties()).isEqualTo(PROPERTIES);
      assertThat(view.property("TAGS")).isEqualTo("TagA");
      assertThat(view.property("WAIT")).isEqualTo("true");
      assertThat(view.property("AGS")).isNull();
      assertThat(view.property("TAG")).isNull();
    }
  }

  @Test
  void shouldReadBackWhatItWroteWithIpv6HostsAndALongTopic() throws Exception {
    // given
    String topic = "%RETRY%" + "g".repeat(121);
    byte[] bytes = MessageCodec.encode(message(topic, "::1", "fe80::2"));

    // when
    MessageCodec.stamp(bytes, 7, 8, 9);
    MessageView view = MessageView.of(bytes);

    // then
    assertThat(view.isV2()).isTrue();
    assertThat(view.topic()).isEqualTo(topic);
    assertThat(view.sysFlag()).isEqualTo(SysFlags.BORN_HOST_V6 | SysFlags.STORE_HOST_V6);
    assertThat(view.bornHost()).isEqualTo(host("::1", 50000));
    assertThat(view.storeHost()).isEqualTo(host("fe80::2", 10911));
    assertThat(view.queueOffset()).isEqualTo(7);
    assertThat(view.position()).isEqualTo(8);
    assertThat(view.storeTimestamp()).isEqualTo(9);
    assertThat(view.property("KEYS")).isEqualTo("k1");
  }

  @Test
  void shouldStampABufferAsItStampsAnArray() throws Exception {
    // given
    byte[] bytes = MessageCodec.encode(message("TopicTest", "10.0.0.9", "10.0.0.1"));
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 10).put(10, bytes);

    // when
    MessageCodec.stamp(buffer, 10, 5, 4096, 1_700_000_000_001L);

    // then
    assertThat(new MessageView().wrap(buffer, 10).storeTimestamp()).isEqualTo(1_700_000_000_001L);
    assertThat(buffer.slice(10, bytes.length)).isEqualTo(ByteBuffer.wrap(GOLDEN_V1));
  }

  @Test
  void shouldLeaveTheBodyBufferAsItWas() throws Exception {
    // given
    NewMessage message = message("T", "10.0.0.9", "10.0.0.1");

    // when
    MessageCodec.encode(message);

    // then
    assertThat(message.body().remaining()).isEqualTo(5);
  }

  @Test
  void shouldRefusePropertiesThatTheLayoutCannotHold() throws Exception {
    NewMessage fits = message("T", "10.0.0.9", "10.0.0.1");
    NewMessage message = new NewMessage(
        "T", 0, 0, 0, 0, fits.bornHost(), fits.storeHost(), 0, 0, fits.body(), "x".repeat(32768));

    assertThatThrownBy(() -> MessageCodec.encode(message))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining("32768")
        .hasMessageContaining("32767");
  }

  @Test
  void shouldTakeTheLastOfTwoEqualPropertiesAndDropEmptyOnes() throws Exception {
    // given
    NewMessage like = message("T", "10.0.0.9", "10.0.0.1");
    String text = "a\u00011\u0002b\u0001\u0002\u0001x\u0002noise\u0002a\u00012\u0002\u00fc\u0001z";
    MessageView view = MessageView.of(MessageCodec.encode(new NewMessage(
        "T", 0, 0, 0, 0, like.bornHost(), like.storeHost(), 0, 0, like.body(), text)));

    // then
    assertThat(view.property("a")).isEqualTo("2");
    assertThat(view.property("b")).isNull();
    assertThat(view.property("noise")).isNull();
    assertThat(view.property("\u00fc")).isEqualTo("z");
    assertThat(Properties.parse(text)).containsOnlyKeys("a", "\u00fc").containsEntry("a", "2");
  }

  @Test
  void shouldReadNothingOutsideWhateverTheBytesSay() {
    for (byte[] golden : new byte[][] {GOLDEN_V1, GOLDEN_V2}) {
      Garbage.feed(golden, 42, MessageCodecTest::readEverything, BadMessageException.class);
    }
  }

  private static void readEverything(byte[] bytes) {
    // The message is surrounded by bytes that are not its own.
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 64).put(32, bytes);
    buffer.position(32).limit(32 + bytes.length);
    MessageView view = MessageView.of(buffer);
    assertThat(view.size()).isLessThanOrEqualTo(bytes.length);
    view.topic();
    view.properties();
    view.property("TAGS");
    view.property("zzz");
    view.body();
    view.isBodyIntact();
    view.bornHost();
    view.storeHost();
    view.reconsumeTimes();
    view.preparedPosition();
  }

  private static NewMessage message(String topic, String bornAddress, String storeAddress)
      throws UnknownHostException {
    return new NewMessage(
        topic,
        2,
        0,
        0,
        1_700_000_000_000L,
        host(bornAddress, 50000),
        host(storeAddress, 10911),
        0,
        0,
        ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)),
        PROPERTIES);
  }

  private static InetSocketAddress host(String address, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }
}
