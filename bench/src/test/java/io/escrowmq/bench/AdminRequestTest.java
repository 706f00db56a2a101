package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminRequestTest {

  @Test
  void shouldFrameAHeaderWithoutABody() throws IOException {
    // when
    ByteBuffer frame = ByteBuffer.wrap(AdminRequest.frame(30002, Map.of("most", "1")));

    // then
    assertThat(frame.getInt()).isEqualTo(frame.capacity() - Integer.BYTES);
    assertThat(frame.getInt()).isEqualTo(frame.remaining());
    assertThat(StandardCharsets.UTF_8.decode(frame).toString())
        .startsWith("{\"code\":30002,")
        .endsWith(",\"extFields\":{\"most\":\"1\"}}");
  }

  @Test
  void shouldHandBackTheBodyOfAnAnswer() throws IOException {
    // given
    String body = "{\"open\":12,\"openBytes\":3456,\"transactions\":7,\"list\":[]}";

    // when
    String answer = AdminRequest.answer(answer("{\"code\":0,\"flag\":1,\"opaque\":1}", body));

    // then
    assertThat(AdminRequest.number(answer, "transactions")).isEqualTo(7);
    assertThat(AdminRequest.number(answer, "open")).isEqualTo(12);
  }

  @Test
  void shouldQuoteARefusal() {
    assertThatThrownBy(
            () -> AdminRequest.answer(answer("{\"code\":3,\"remark\":\"no such request\"}", "")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such request");
    assertThatThrownBy(() -> AdminRequest.number("{}", "transactions"))
        .hasMessageContaining("transactions");
  }

  private static DataInputStream answer(String header, String body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(Integer.BYTES + header.length() + body.length());
    out.writeInt(header.length());
    out.writeBytes(header);
    out.writeBytes(body);
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
