package io.escrowmq.broker.visible;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundByTest {

  private static final String TOPIC = "orders";

  @Test
  void shouldFindByUniqueKeyFirstThenByEachUserKey() {
    // when
    FoundBy foundBy = of("KEYS\u0001k1  k2 \u0002UNIQ_KEY\u0001u\u0002");

    // then
    assertThat(foundBy.keyHashes()).containsExactly(hash("u"), hash("k1"), hash("k2"));
  }

  @Test
  void shouldFindByUserKeysAloneOrByTheUniqueKeyAlone() {
    assertThat(of("KEYS\u0001k1\u0002").keyHashes()).containsExactly(hash("k1"));
    assertThat(of("UNIQ_KEY\u0001u\u0002").keyHashes()).containsExactly(hash("u"));
    assertThat(of("").keyHashes()).isEmpty();
    assertThat(of("KEYS\u0001  \u0002").keyHashes()).isEmpty();
  }

  @Test
  void shouldTakeTheLastOfTwoPropertiesOfOneName() {
    // when
    FoundBy foundBy =
        of("TAGS\u0001a\u0002UNIQ_KEY\u0001u\u0002TAGS\u0001b\u0002UNIQ_KEY\u0001w\u0002");

    // then
    assertThat(foundBy.tagCode()).isEqualTo("b".hashCode());
    assertThat(foundBy.keyHashes()).containsExactly(hash("w"));
  }

  @Test
  void shouldIndexSixtyFourUserKeysAtMost() {
    // given
    String keys = IntStream.range(0, 70).mapToObj(i -> "k" + i).collect(Collectors.joining(" "));

    // when
    FoundBy foundBy = of("UNIQ_KEY\u0001u\u0002KEYS\u0001" + keys + "\u0002");

    // then
    assertThat(foundBy.keyHashes()).hasSize(65).contains(hash("k63")).doesNotContain(hash("k64"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"red", "a tag of more than eight bytes", "gr\u00fcn", "\u20ac\ud83c\udf81"})
  void shouldNumberATagAsClientsDo(String tag) {
    assertThat(of("TAGS\u0001" + tag + "\u0002").tagCode()).isEqualTo(tag.hashCode());
  }

  private static FoundBy of(String properties) {
    byte[] message = MessageCodec.encode(new NewMessage(
        TOPIC,
        0,
        0,
        0,
        0,
        TestLog.STORE_HOST,
        TestLog.STORE_HOST,
        0,
        0,
        ByteBuffer.allocate(3),
        properties));
    return FoundBy.of(TOPIC, MessageView.of(message));
  }

  private static long hash(String key) {
    return KeyIndex.hash(TOPIC, key);
  }
}
