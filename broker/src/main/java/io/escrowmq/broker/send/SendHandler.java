package io.escrowmq.broker.send;

import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.Surroundings;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends, single and in batches. Runs on event loops: judges what needs no log, encodes the messages
 * to their final bytes and hands them over.
 */
public final class SendHandler {

  private static final int FEW_CHARACTERS = HalfTerms.MOST_CONTROL_BYTES / 3; // at three bytes each
  private static final int CHECKED_BYTES = 64; // of the number of the check, which it gets later
  private static final int BATCH_OVERHEAD = 64 << 10; // of what is stored beside bodies
  private static final int LONGEST_TRANSACTION = 255; // characters of a transaction's name
  private static final int LONGEST_GROUP = 255; // of a half-message's producer group

  /** Where a message goes. */
  private record Target(String name, Topic topic, @Nullable Topic toCreate, boolean deadLetter) {}

  private final SendSettings settings;
  private final TopicCatalog topics;
  private final AutoTopics autoTopics;
  private final ResendRule resendRule;
  private final MessageForge forge;
  private final MessageIntake intake;
  private final HalfIntake halves;
  private final RecentSends recent;
  private final Traffic traffic;
  private final InstantSource clock;
  private final Chance chance;
  private final String idPrefix;

  public SendHandler(
      SendSettings settings,
      TopicCatalog topics,
      ResendRule resendRule,
      MessageForge forge,
      WaysIn ways,
      RecentSends recent,
      Traffic traffic,
      Surroundings machine) {
    this.settings = settings;
    this.topics = topics;
    this.autoTopics = new AutoTopics(topics);
    this.resendRule = resendRule;
    this.forge = forge;
    this.intake = ways.visible();
    this.halves = ways.halves();
    this.recent = recent;
    this.traffic = traffic;
    this.clock = machine.clock();
    this.chance = machine.chance();
    this.idPrefix = MessageId.prefix(settings.storeHost());
  }

  /** One message; or a batch, if the header says so. */
  public void accept(Call call, SendMessageHeader header) {
    judge(call, header, header.batch());
  }

  /** Several messages for one queue: all of them or none. */
  public void acceptBatch(Call call, SendMessageHeader header) {
    judge(call, header, true);
  }

  private void judge(Call call, SendMessageHeader header, boolean batch) {
    try {
      if (batch) {
        takeBatch(call, header);
      } else {
        takeOne(call, header);
      }
    } catch (Refusal e) {
      refuse(call, e.reply());
    } catch (BadMessageException e) {
      refuse(call, Reply.refused(ResponseCode.MESSAGE_ILLEGAL, String.valueOf(e.getMessage())));
    }
  }

  private void takeOne(Call call, SendMessageHeader header) {
    Target target = target(header);
    int queueId = queueId(header, target);
    ByteBuffer body = call.body();
    checkBody(body.remaining());
    PassingProperties.Split split =
        PassingProperties.split(header.properties(), isOfRetries(header.topic()));
    boolean isHalf = isHalf(header, split.control());
    long dueMillis = target.deadLetter() ? 0 : dueTime(split.control());
    String properties =
        forge.complete(located(split.visible(), split.control(), dueMillis, target, queueId));
    PropertyRoom.check(properties, target.name());
    EncodedMessages message = EncodedMessages.of(forge.encode(
        target.name(),
        queueId,
        header.flag(),
        sysFlag(header, target, isHalf),
        header.bornTimestamp(),
        call.connection().remoteAddress(),
        header.reconsumeTimes(),
        body,
        properties));
    String uniqueKey = Properties.value(properties, PropertyNames.UNIQUE_KEY);
    SendReply reply =
        new SendReply(call, traffic, target.name(), idPrefix, uniqueKey, message.length());
    Once once = once(target, message, isHalf, i -> header.properties());
    if (isHalf) {
      HalfTerms terms = HalfTerms.of(split.control(), header.producerGroup());
      checkRoom(properties, terms.control());
      offerHalves(call, target, queueId, terms, message, once, reply);
    } else {
      intake.offer(target.name(), target.toCreate(), queueId, message, dueMillis, once, reply);
    }
  }

  // A message that waited for a delay level names its topic and queue, as RocketMQ's brokers do.
  private static String located(
      String visible, String control, long dueMillis, Target target, int queueId) {
    if (dueMillis == 0 || !DueTime.isByLevel(control)) {
      return visible;
    }
    String real = Properties.appended(visible, PropertyNames.REAL_TOPIC, target.name());
    return Properties.appended(real, PropertyNames.REAL_QUEUE_ID, Integer.toString(queueId));
  }

  private void takeBatch(Call call, SendMessageHeader header) {
    if (TopicNames.isRetry(header.topic())) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "a batch cannot be sent to the retry topic " + header.topic());
    }
    if (header.topic().length() > TopicNames.MAX_LENGTH) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "a batch's topic has " + header.topic().length() + " characters, at most "
              + TopicNames.MAX_LENGTH + " are allowed");
    }
    Target target = target(header);
    int queueId = queueId(header, target);
    ByteBuffer body = call.body();
    checkBody(body.remaining());
    SentBatch batch = new SentBatch(BatchCodec.read(body), isOfRetries(header.topic()));
    boolean isHalf = isHalf(header, batch.control(0));
    BatchTerms.check(batch, isPrepared(header), header.producerGroup(), clock.millis());
    EncodedMessages messages = forge.encode(
        target.name(),
        queueId,
        sysFlag(header, target, isHalf),
        header.bornTimestamp(),
        call.connection().remoteAddress(),
        header.reconsumeTimes(),
        batch,
        2L * settings.maxMessageBytes() + BATCH_OVERHEAD);
    SendReply reply =
        new SendReply(call, traffic, target.name(), idPrefix, null, messages.length());
    Once once = once(target, messages, isHalf, batch::sentProperties);
    if (isHalf) { // told by the first what to do with them: they agree
      HalfTerms terms = HalfTerms.of(batch.control(0), header.producerGroup());
      for (int i = 0; i < batch.count(); i++) {
        checkRoom(forge.complete(batch.item(i).propertyString()), terms.control());
      }
      offerHalves(call, target, queueId, terms, messages, once, reply);
    } else {
      intake.offer(target.name(), target.toCreate(), queueId, messages, 0, once, reply);
    }
  }

  private static boolean isOfRetries(String topic) {
    return TopicNames.groupOf(topic) != null;
  }

  /** Whether messages, by the properties that their sender gave each, are taken once. */
  private Once once(
      Target target, EncodedMessages encoded, boolean areHalves, IntFunction<String> properties) {
    int messages = encoded.count();
    if (settings.deduplication().of() == Deduplication.Of.OFF
        || target.deadLetter()
        || TopicNames.isRetry(target.name())) { // there a message comes again under its key
      return Once.no();
    }
    List<String> keys = new ArrayList<>(1); // mostly the first one's
    for (int i = 0; i < messages; i++) {
      String own = properties.apply(i);
      String key = isNamed(own) ? Properties.value(own, PropertyNames.UNIQUE_KEY) : null;
      if (key == null) {
        break;
      }
      keys.add(key);
    }
    if (keys.size() < messages) {
      if (keys.isEmpty() || settings.deduplication().of() == Deduplication.Of.ALL) {
        return Once.no();
      }
      String last = Properties.value(properties.apply(messages - 1), PropertyNames.UNIQUE_KEY);
      if (last == null) {
        return Once.no();
      }
      keys = List.of(keys.get(0), last);
    }
    return Once.of(recent, keys, encoded, areHalves);
  }

  // What a broker has put in says that the message was stored before: it is sent on, not again.
  private boolean isNamed(String properties) {
    return (settings.deduplication().of() == Deduplication.Of.ALL
            || Properties.has(properties, PropertyNames.ESCROW_ONCE, "true"))
        && !Properties.has(properties, PropertyNames.REGION);
  }

  private void offerHalves(
      Call call,
      Target target,
      int queueId,
      HalfTerms terms,
      EncodedMessages messages,
      Once once,
      SendReply reply) {
    if (TopicNames.isRetry(target.name()) || target.deadLetter()) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "a half-message cannot be sent to " + target.name() + ", where messages are tried again");
    }
    String name = terms.transaction();
    if (name != null && name.length() > LONGEST_TRANSACTION) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the transaction's name has " + name.length() + " characters, at most "
              + LONGEST_TRANSACTION + " are allowed");
    }
    String group = terms.group();
    if (group.length() > LONGEST_GROUP) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the producer group of a half-message (PGROUP) has " + group.length()
              + " characters, at most " + LONGEST_GROUP + " are allowed");
    }
    Destination destination = new Destination(topics, target.name(), target.toCreate());
    halves.offer(call.connection(), terms, destination, queueId, messages, once, reply);
  }

  // Its producer is asked with all that it sent, and the number of the check.
  private static void checkRoom(String properties, String control) {
    if (properties.length() + control.length() <= FEW_CHARACTERS) {
      return;
    }
    int aside = Properties.byteLength(control);
    if (aside > HalfTerms.MOST_CONTROL_BYTES) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the properties that tell what to do with the half-message take " + aside
              + " bytes, at most " + HalfTerms.MOST_CONTROL_BYTES + " are allowed");
    }
    int bytes = Properties.byteLength(properties) + aside;
    if (bytes > Properties.MAX_BYTES - CHECKED_BYTES) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the properties of the half-message take " + bytes + " bytes, at most "
              + (Properties.MAX_BYTES - CHECKED_BYTES) + " are allowed; put more into the body");
    }
  }

  // Clients set both the flag and the property; either alone must not make it visible.
  private static boolean isHalf(SendMessageHeader header, String control) {
    return isPrepared(header)
        || (Properties.has(control, PropertyNames.HALF, "true")
            && !TopicNames.isRetry(header.topic()));
  }

  private static boolean isPrepared(SendMessageHeader header) {
    return SysFlags.transaction(header.sysFlag()) == SysFlags.TRANSACTION_PREPARED;
  }

  private static int sysFlag(SendMessageHeader header, Target target, boolean isHalf) {
    int sysFlag = SysFlags.withTransaction(
        header.sysFlag() & ~(SysFlags.BORN_HOST_V6 | SysFlags.STORE_HOST_V6),
        // encoded as it will be seen
        isHalf ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_NONE);
    return target.topic().multiTags() ? sysFlag | SysFlags.MULTI_TAGS : sysFlag;
  }

  private Target target(SendMessageHeader header) {
    String name = header.topic();
    Topic topic = topics.find(name);
    if (topic == null || !TopicNames.isSendable(name)) {
      topic = null;
      checkName(name);
    }
    if (TopicNames.isRetry(name)) {
      String group = name.substring(TopicNames.RETRY_PREFIX.length());
      switch (resendRule.judge(group, header.reconsumeTimes(), header.maxReconsumeTimes())) {
        case UNKNOWN_GROUP ->
          throw new Refusal(
              ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
              "the consumer group " + group + " does not exist");
        case DEAD_LETTER -> {
          return deadLetter(group);
        }
        case RETRY -> {}
      }
    }
    if (topic != null) {
      return new Target(name, topic, null, false);
    }
    Topic created = autoTopics.forSend(name, header.defaultTopic(), header.defaultTopicQueues());
    if (created == null) {
      throw new Refusal(
          ResponseCode.TOPIC_NOT_EXIST,
          "the topic " + name + " does not exist and is not created by sending to it; create it, or"
              + " set topic.auto-create=true");
    }
    return new Target(name, created, created, false);
  }

  private Target deadLetter(String group) {
    String name = TopicNames.dlqOf(group);
    Topic topic = topics.find(name);
    if (topic != null) {
      return new Target(name, topic, null, true);
    }
    Topic created = AutoTopics.forRetry(name, 1);
    return new Target(name, created, created, true);
  }

  private static void checkName(String name) {
    String refusal = TopicNames.refusal(name);
    if (refusal != null) {
      throw new Refusal(ResponseCode.INVALID_PARAMETER, refusal);
    }
    if (!TopicNames.isSendable(name)) {
      throw new Refusal(
          ResponseCode.NO_PERMISSION,
          "the topic " + name + " is the broker's own; send to another");
    }
  }

  private int queueId(SendMessageHeader header, Target target) {
    Topic topic = target.topic();
    int wanted = header.queueId();
    if (target.deadLetter()) {
      return 0;
    }
    if (wanted < 0) {
      return chance.below(Math.max(1, topic.writeQueues()));
    }
    if (wanted >= topic.queues()) {
      throw new Refusal(
          ResponseCode.INVALID_PARAMETER,
          "the topic " + topic.name() + " has " + topic.queues() + " queues; there is no queue "
              + wanted);
    }
    return wanted;
  }

  private void checkBody(int bytes) {
    if (bytes > settings.maxMessageBytes()) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the body has " + bytes + " bytes, at most " + settings.maxMessageBytes()
              + " are allowed (message.max-bytes)");
    }
  }

  private long dueTime(String control) {
    DueTime.Asked asked = DueTime.of(control, clock.millis());
    if (asked.refusal() != null) {
      throw new Refusal(ResponseCode.MESSAGE_ILLEGAL, asked.refusal());
    }
    return asked.dueMillis();
  }

  private void refuse(Call call, Reply reply) {
    traffic.refused();
    call.reply(reply);
  }

  /** Leaves the judging of a request at once. Never seen outside this class. */
  private static final class Refusal extends RuntimeException {

    private final Reply reply;

    Refusal(ResponseCode code, String remark) {
      super(remark, null, false, false);
      this.reply = Reply.refused(code, remark);
    }

    Reply reply() {
      return reply;
    }
  }
}
