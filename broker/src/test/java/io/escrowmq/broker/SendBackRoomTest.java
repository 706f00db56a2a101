package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.SendBackHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Properties as long as they may be: whatever is taken can be sent back, again and again, into the dead
 * letter topic too, with the longest names there are. One byte more is refused when it is sent.
 */
class SendBackRoomTest {

  private static final int MOST_BYTES = 32_255; // with the broker's own
  private static final String TOPIC = "t".repeat(127);
  private static final String GROUP = "g".repeat(120);

  /** How the message is sent. */
  private enum SendStyle {
    PLAIN,
    WITH_A_DELAY_LEVEL,
    IN_A_BATCH,
    IN_A_TRANSACTION
  }

  private final FailingCore core = new FailingCore();

  @ParameterizedTest
  @EnumSource(SendStyle.class)
  void shouldTakeWhatCanBeSentBackAndNotOneByteMore(SendStyle sent) {
    // given
    core.broker.createTopic(TOPIC, 1);
    FakeCall group = core.call(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP);
    core.dispatch(group.withBody(GroupConfig.of(GROUP).toBytes()));
    core.settle();

    // when
    int length = MOST_BYTES;
    FakeCall refused = send(sent, length);
    FakeCall taken = refused;
    while (taken.replyCode() != ResponseCode.SUCCESS) {
      assertThat(length).isGreaterThan(MOST_BYTES - 1000);
      refused = taken;
      taken = send(sent, --length);
    }

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(refused.reply().remark())
        .contains("take " + (MOST_BYTES + 1) + " bytes")
        .contains("at most " + MOST_BYTES);
    makeVisible(sent, taken);
    long position = positionOf(TOPIC);
    assertThat(propertyBytes(position)).isEqualTo(MOST_BYTES);
    for (int retry = 0; retry < 3; retry++) {
      sendBack(position, 18);
      core.broker.clock.advance(7_200_000);
      core.settle();
      position = positionOf(TopicNames.retryOf(GROUP));
      assertThat(position).isPositive();
    }
    sendBack(position, -1);
    assertThat(positionOf(TopicNames.dlqOf(GROUP))).isPositive();
  }

  private FakeCall send(SendStyle sent, int length) {
    String properties = Properties.with("", "UNIQ_KEY", "k") + "p\u0001";
    properties += "x".repeat(length - properties.length() - 1) + "\u0002";
    boolean isBatch = sent == SendStyle.IN_A_BATCH;
    boolean isHalf = sent == SendStyle.IN_A_TRANSACTION;
    FakeCall call =
        new FakeCall(isBatch ? RequestCode.SEND_BATCH_MESSAGE : RequestCode.SEND_MESSAGE_V2);
    call.with(new SendMessageHeader(
        FailingCore.PRODUCERS,
        TOPIC,
        "TBW102",
        4,
        0,
        isHalf ? SysFlags.TRANSACTION_PREPARED : SysFlags.TRANSACTION_NONE,
        core.broker.clock.millis(),
        0,
        isBatch
            ? ""
            : sent == SendStyle.WITH_A_DELAY_LEVEL ? properties + "DELAY\u00011\u0002" : properties,
        0,
        false,
        -1,
        isBatch));
    if (isBatch) {
      byte[] own = properties.getBytes(StandardCharsets.UTF_8);
      ByteBuffer item = ByteBuffer.allocate(22 + own.length);
      item.putInt(22 + own.length).putInt(0).putInt(0).putInt(0).putInt(0);
      call.withBody(item.putShort((short) own.length).put(own).array());
    } else {
      call.withBody("body");
    }
    core.dispatch(call);
    core.settle();
    return call;
  }

  private void makeVisible(SendStyle sent, FakeCall taken) {
    if (sent == SendStyle.IN_A_TRANSACTION) {
      long id = Long.parseUnsignedLong(taken.replyFields().get("msgId").substring(16), 16);
      core.dispatch(core.call(RequestCode.END_TRANSACTION)
          .with(new EndTransactionHeader(
              FailingCore.PRODUCERS, 0, id, SysFlags.TRANSACTION_COMMIT, false, "U", null, null)));
    }
    core.broker.clock.advance(2_000);
    core.settle();
  }

  private void sendBack(long position, int level) {
    FakeCall call = core.call(RequestCode.CONSUMER_SEND_MSG_BACK)
        .with(new SendBackHeader(position, GROUP, level, null, null, false, 16));
    core.dispatch(call);
    core.settle();
    assertThat(call.replyCode()).as(call.reply().remark()).isEqualTo(ResponseCode.SUCCESS);
  }

  /** Where the newest message of a topic lies. */
  private long positionOf(String topic) {
    ConsumeQueue queue = core.broker.queues.find(topic, 0);
    QueueEntries entries = new QueueEntries(1);
    assertThat(queue).as("a message in %s", topic).isNotNull();
    assertThat(queue.read(queue.maxOffset() - 1, entries)).isOne();
    return entries.position(0);
  }

  private int propertyBytes(long position) {
    try (LogReader reader = core.broker.log.newReader()) {
      LogRecord record = reader.read(position);
      MessageView message = new MessageView();
      message.wrap(record.payload(), StoredMessages.messageAt(record));
      return Properties.byteLength(message.properties());
    }
  }
}
