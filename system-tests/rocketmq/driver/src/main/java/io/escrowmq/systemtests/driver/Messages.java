package io.escrowmq.systemtests.driver;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** Between the client's types and ours, and what all clients here have in common. */
final class Messages {

  private static final AtomicLong ARRIVALS = new AtomicLong();

  private Messages() {}

  /** Short intervals of what a client does periodically, so that no test waits half a minute for a route. */
  static void configure(ClientConfig client, String name, String nameServers) {
    client.setNamesrvAddr(nameServers);
    client.setInstanceName(name);
    client.setPollNameServerInterval(1000);
    client.setHeartbeatBrokerInterval(1000);
    client.setPersistConsumerOffsetInterval(1000);
  }

  static Message toClient(OutgoingMessage outgoing) {
    Message message =
        new Message(outgoing.topic(), outgoing.body().getBytes(StandardCharsets.ISO_8859_1));
    if (!outgoing.tags().isEmpty()) {
      message.setTags(outgoing.tags());
    }
    if (!outgoing.keys().isEmpty()) {
      message.setKeys(outgoing.keys());
    }
    outgoing.properties().forEach(message::putUserProperty);
    if (outgoing.delayLevel() > 0) {
      message.setDelayTimeLevel(outgoing.delayLevel());
    }
    return message;
  }

  static MessageSelector selector(MessageFilter wanted) {
    return wanted.isSql()
        ? MessageSelector.bySql(wanted.expression())
        : MessageSelector.byTag(wanted.expression());
  }

  static SendAnswer fromClient(SendResult result) {
    MessageQueue queue = result.getMessageQueue();
    return new SendAnswer(
        result.getSendStatus().name(),
        result.getMsgId(),
        result.getOffsetMsgId(),
        queue.getBrokerName(),
        queue.getQueueId(),
        result.getQueueOffset());
  }

  static ReceivedMessage fromClient(MessageExt message) {
    String offsetId = message instanceof MessageClientExt fromBroker
        ? fromBroker.getOffsetMsgId()
        : message.getMsgId();
    return new ReceivedMessage(
        message.getTopic(),
        orEmpty(message.getBrokerName()),
        message.getQueueId(),
        message.getQueueOffset(),
        orEmpty(message.getTags()),
        orEmpty(message.getKeys()),
        body(message),
        new HashMap<>(message.getProperties()),
        message.getMsgId(),
        offsetId,
        message.getSysFlag(),
        message.getReconsumeTimes(),
        message.getBornTimestamp(),
        message.getStoreTimestamp(),
        System.currentTimeMillis(),
        ARRIVALS.incrementAndGet());
  }

  static String body(Message message) {
    return message.getBody() == null
        ? ""
        : new String(message.getBody(), StandardCharsets.ISO_8859_1);
  }

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** What was looked up under this name. */
  static <T> T known(@Nullable T found, String name) {
    if (found == null) {
      throw new IllegalArgumentException("nothing here is named " + name);
    }
    return found;
  }
}
