package io.escrowmq.broker.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.FakeRecorder;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentBatchTest {

  private final MessageForge forge = new MessageForge(
      TestLog.STORE_HOST,
      "Cluster",
      new UniqueIds(TestLog.STORE_HOST.getAddress(), 1, 1, InstantSource.system()));
  private final FakeRecorder log = new FakeRecorder(record -> {});

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNIQ_KEY\u0001u\u0002",
        "TAGS\u0001t\u0002UNIQ_KEY\u0001u\u0002",
        "UNIQ_KEY\u0001u",
        "UNIQ_KEY\u0001u\u0002MSG_REGION\u0001r\u0002",
        "UNIQ_KEY\u0001u\u0002POP_CK\u0001c\u0002"
      })
  void shouldCompleteAMessageOfABatchAsItCompletesASingleOne(String properties) {
    // when
    record(encoded(properties, "UNIQ_KEY\u0001other\u0002"));

    // then
    assertThat(message(0).properties())
        .isEqualTo(forge.complete(PassingProperties.split(properties, false).visible()));
    assertThat(message(1).property("UNIQ_KEY")).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TAGS\u0001t\u0002", "XUNIQ\u0001u\u0002"})
  void shouldGiveAMessageOfABatchAUniqueKeyIfItHasNone(String properties) {
    // when
    record(encoded(properties));

    // then
    String key = message(0).property("UNIQ_KEY");
    assertThat(key).hasSize(32);
    assertThat(Properties.without(message(0).properties(), "UNIQ_KEY"))
        .startsWith(properties)
        .contains("MSG_REGION\u0001");
  }

  @Test
  void shouldUseTheArrayOfABatchAgainWhenItIsReleasedAndNotBefore() {
    // given
    EncodedMessages first = encoded("UNIQ_KEY\u0001first\u0002");
    EncodedMessages second = encoded("UNIQ_KEY\u0001second\u0002");

    // when
    record(first);
    record(second);
    first.release();
    first.release(); // it is nobody's any more
    EncodedMessages third = encoded("UNIQ_KEY\u0001third\u0002");
    EncodedMessages fourth = encoded("UNIQ_KEY\u00014th\u0002");
    record(third);
    record(fourth);

    // then
    assertThat(log.records())
        .extracting(record -> MessageView.of(record.payload()).property("UNIQ_KEY"))
        .containsExactly("first", "second", "third", "4th");
  }

  private EncodedMessages encoded(String... properties) {
    List<BatchItem> items = List.of(properties).stream()
        .map(each -> new BatchItem(
            0, ByteBuffer.wrap("body".getBytes(UTF_8)), ByteBuffer.wrap(each.getBytes(UTF_8))))
        .toList();
    MessageTemplate shared =
        new MessageTemplate("orders", 0, 0, 0, TestLog.STORE_HOST, TestLog.STORE_HOST, 0);
    return new SentBatch(items, false).encode(forge, shared, 1 << 20);
  }

  private void record(EncodedMessages messages) {
    for (int i = 0; i < messages.count(); i++) {
      messages.recordBehind(new byte[0], log, RecordKind.MESSAGE, 0, i);
    }
  }

  private MessageView message(int index) {
    return MessageView.of(log.records().get(index).payload());
  }
}
