package io.escrowmq.broker.consumer;

import io.escrowmq.broker.delay.DelayLevels;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Stored;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendBackHeader;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Chance;
import io.escrowmq.store.StorageException;
import java.time.InstantSource;
import java.util.Map;

/**
 * A consumer could not cope with a message: it comes again later, by way of the group's retry topic,
 * or, after too many times, lies in the dead letter topic. The message that was consumed stays where
 * it is; what comes again is a copy.
 *
 * <p>Runs on event loops: reads the message from the log, and hands the copy to the log loop.
 */
final class SendBackHandler {

  private static final int FIRST_LEVEL = 3; // 10 s; each further time a level more
  private static final int LAST_LEVEL = 18;
  private static final int LIMIT_IN_HEADER_SINCE = 121; // client versions before it sent garbage

  private final GroupCreation groups;
  private final TopicCatalog topics;
  private final MessageSource messages;
  private final MessageForge forge;
  private final MessageIntake intake;
  private final InstantSource clock;
  private final Chance chance;

  SendBackHandler(
      GroupCreation groups,
      TopicCatalog topics,
      MessageSource messages,
      MessageForge forge,
      MessageIntake intake,
      InstantSource clock,
      Chance chance) {
    this.groups = groups;
    this.topics = topics;
    this.messages = messages;
    this.forge = forge;
    this.intake = intake;
    this.clock = clock;
    this.chance = chance;
  }

  void accept(Call call, SendBackHeader header) {
    Group group = groups.find(header.group());
    if (group == null) {
      call.reply(Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, GroupCreation.refusal(header.group())));
      return;
    }
    if (group.retryQueues() <= 0) {
      call.reply(Reply.ok()); // the operator wants no retries
      return;
    }
    byte[] message;
    try {
      message = messages.at(header.position());
    } catch (StorageException e) {
      call.reply(RefusalPage.reply(MessageSource.unreadable(e)));
      return;
    }
    if (message == null) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "there is no message at position " + header.position() + " (any more)"));
      return;
    }
    try {
      again(call, header, group, MessageView.of(message));
    } catch (BadMessageException e) {
      call.reply(Reply.refused(
          ResponseCode.MESSAGE_ILLEGAL,
          "the message at position " + header.position() + " cannot be sent again: "
              + e.getMessage()));
    }
  }

  private void again(Call call, SendBackHeader header, Group group, MessageView message) {
    int most = call.version() >= LIMIT_IN_HEADER_SINCE && header.maxReconsumeTimes() >= 0
        ? header.maxReconsumeTimes()
        : group.mostRetries();
    boolean givenUp = tries(message) >= most || header.delayLevel() < 0;
    Topic topic = givenUp ? deadLetterTopic(group) : retryTopic(group);
    if (!topic.isWritable()) {
      call.reply(Reply.refused(
          ResponseCode.NO_PERMISSION, "the topic " + topic.name() + " may not be written"));
      return;
    }
    int level = givenUp ? 0 : level(header.delayLevel(), tries(message));
    int queueId = chance.below(Math.max(1, topic.writeQueues()));
    byte[] copy = copy(message, header.position(), topic.name(), queueId, level);
    intake.offer(
        topic.name(),
        topics.find(topic.name()) == null ? topic : null,
        queueId,
        EncodedMessages.of(copy),
        level == 0 ? 0 : clock.millis() + DelayLevels.millis(level),
        new Answer(call));
  }

  /** How often it was consumed in vain, whatever number its sender has put there. */
  private static int tries(MessageView message) {
    return Math.min(Math.max(0, message.reconsumeTimes()), Integer.MAX_VALUE - 1);
  }

  private static int level(int wanted, int reconsumeTimes) {
    long level = wanted > 0 ? wanted : FIRST_LEVEL + (long) reconsumeTimes;
    return (int) Math.min(level, LAST_LEVEL);
  }

  private byte[] copy(MessageView message, long position, String topic, int queueId, int level) {
    boolean isRetried = TopicNames.groupOf(message.topic()) != null;
    String text = PassingProperties.split(message.properties(), isRetried).visible();
    Map<String, String> properties = Properties.parse(text);
    properties.putIfAbsent(PropertyNames.RETRY_TOPIC, message.topic());
    properties.putIfAbsent(
        PropertyNames.ORIGIN_MESSAGE_ID, new MessageId(message.storeHost(), position).text());
    properties.put(PropertyNames.WAIT, "false");
    if (level > 0) { // as the protocol's own brokers leave it on what waited for a delay level
      properties.put(PropertyNames.REAL_TOPIC, topic);
      properties.put(PropertyNames.REAL_QUEUE_ID, Integer.toString(queueId));
    }
    return MessageCodec.encode(new NewMessage(
        topic,
        queueId,
        message.flag(),
        message.sysFlag(),
        message.bornTimestamp(),
        message.bornHost(),
        forge.storeHost(),
        tries(message) + 1,
        0,
        message.body(),
        forge.complete(Properties.format(properties))));
  }

  private Topic retryTopic(Group group) {
    String name = TopicNames.retryOf(group.name());
    Topic topic = topics.find(name);
    return topic != null ? topic : AutoTopics.forRetry(name, group.retryQueues());
  }

  private Topic deadLetterTopic(Group group) {
    String name = TopicNames.dlqOf(group.name());
    Topic topic = topics.find(name);
    return topic != null ? topic : AutoTopics.forRetry(name, 1);
  }

  private record Answer(Call call) implements MessageAppend.Outcome {

    @Override
    public void stored(Stored where) {
      call.reply(Reply.ok());
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
