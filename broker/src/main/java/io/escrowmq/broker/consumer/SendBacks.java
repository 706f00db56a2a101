package io.escrowmq.broker.consumer;

import io.escrowmq.broker.delay.DelayLevels;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.Rights;
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
final class SendBacks {

  private static final int FIRST_LEVEL = 3; // 10 s; each further time a level more
  private static final int LAST_LEVEL = 18;

  /**
   * What a consumer wants.
   *
   * @param position of the message
   * @param delayLevel after which it comes again; 0: the broker chooses; below 0: it is given up
   * @param mostTries after which it is given up; below 0: what the group says
   * @param rights to consume messages of its topic
   */
  record Wish(String group, long position, int delayLevel, int mostTries, Rights rights) {}

  /** What is told to the consumer, once. */
  interface Outcome {

    void done();

    void refused(Refusal why);
  }

  private final GroupCreation groups;
  private final TopicCatalog topics;
  private final MessageSource messages;
  private final MessageForge forge;
  private final MessageIntake intake;
  private final InstantSource clock;
  private final Chance chance;

  SendBacks(
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

  /** Has it consumed again later, or laid down in the dead letter topic; the outcome is told once. */
  void sendBack(Wish wish, Outcome outcome) {
    Group group = groups.find(wish.group());
    if (group == null) {
      outcome.refused(new Refusal.GroupNotCreated(GroupCreation.refusal(wish.group())));
      return;
    }
    if (group.retryQueues() <= 0) {
      outcome.done(); // the operator wants no retries
      return;
    }
    byte[] message;
    try {
      message = messages.at(wish.position());
    } catch (StorageException e) {
      outcome.refused(MessageSource.unreadable(e));
      return;
    }
    if (message == null) {
      outcome.refused(new Refusal.NoMessageToSendBack(wish.position()));
      return;
    }
    try {
      again(wish, group, MessageView.of(message), outcome);
    } catch (BadMessageException e) {
      outcome.refused(new Refusal.NotSentAgain(wish.position(), String.valueOf(e.getMessage())));
    }
  }

  private void again(Wish wish, Group group, MessageView message, Outcome outcome) {
    String forbidden = wish.rights().refusalOfTopic(message.topic());
    if (forbidden != null) {
      outcome.refused(new Refusal.NotPermitted(forbidden));
      return;
    }
    int most = wish.mostTries() >= 0 ? wish.mostTries() : group.mostRetries();
    boolean givenUp = tries(message) >= most || wish.delayLevel() < 0;
    Topic topic = givenUp ? deadLetterTopic(group) : retryTopic(group);
    if (!topic.isWritable()) {
      outcome.refused(new Refusal.TopicNotWritable(topic.name()));
      return;
    }
    int level = givenUp ? 0 : level(wish.delayLevel(), tries(message));
    int queueId = chance.below(Math.max(1, topic.writeQueues()));
    byte[] copy = copy(message, wish.position(), topic.name(), queueId, level);
    intake.offer(
        topic.name(),
        topics.find(topic.name()) == null ? topic : null,
        queueId,
        EncodedMessages.of(copy),
        level == 0 ? 0 : clock.millis() + DelayLevels.millis(level),
        new AppendOutcome(outcome));
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

  private record AppendOutcome(Outcome outcome) implements MessageAppend.Outcome {

    @Override
    public void stored(Receipt where) {
      outcome.done();
    }

    @Override
    public void refused(Refusal why) {
      outcome.refused(why);
    }
  }
}
