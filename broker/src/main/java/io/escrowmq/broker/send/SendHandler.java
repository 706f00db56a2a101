package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Traffic;
import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends, single and in batches. Runs on event loops: judges what needs no log, encodes the messages
 * to their final bytes and hands them over.
 */
public final class SendHandler {

  private static final String HALF_ENTRY = PropertyNames.HALF + '\u0001' + "true";
  private static final String ONCE_ENTRY = PropertyNames.ESCROW_ONCE + '\u0001' + "true";
  private static final int LONGEST_TRANSACTION = 255; // characters of a transaction's name

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
  private final String idPrefix;

  public SendHandler(
      SendSettings settings,
      TopicCatalog topics,
      ResendRule resendRule,
      MessageForge forge,
      MessageIntake intake,
      HalfIntake halves,
      RecentSends recent,
      Traffic traffic,
      InstantSource clock) {
    this.settings = settings;
    this.topics = topics;
    this.autoTopics = new AutoTopics(topics);
    this.resendRule = resendRule;
    this.forge = forge;
    this.intake = intake;
    this.halves = halves;
    this.recent = recent;
    this.traffic = traffic;
    this.clock = clock;
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
    boolean isHalf = isHalf(header, header.properties());
    long dueMillis = target.deadLetter() ? 0 : dueTime(header.properties());
    String properties = forge.complete(owned(header, header.properties(), isHalf));
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
    Once once = once(target, 1, i -> header.properties());
    if (isHalf) {
      offerHalves(call, target, queueId, properties, message, once, reply);
    } else {
      intake.offer(target.name(), target.toCreate(), queueId, message, dueMillis, once, reply);
    }
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
    List<BatchItem> sent = BatchCodec.read(body);
    String first = sent.get(0).propertyString();
    boolean isHalf = isHalf(header, first);
    List<BatchItem> items = isHalf
        ? sent.stream()
            .map(item -> item.with(owned(header, item.propertyString(), true)))
            .toList()
        : sent;
    EncodedMessages messages = forge.encode(
        target.name(),
        queueId,
        sysFlag(header, target, isHalf),
        header.bornTimestamp(),
        call.connection().remoteAddress(),
        header.reconsumeTimes(),
        items);
    SendReply reply =
        new SendReply(call, traffic, target.name(), idPrefix, null, messages.length());
    if (isHalf) { // known by the first, as it is told by the first
      Once once = once(target, 1, i -> first);
      offerHalves(call, target, queueId, owned(header, first, true), messages, once, reply);
    } else {
      Once once = once(target, items.size(), i -> items.get(i).propertyString());
      intake.offer(target.name(), target.toCreate(), queueId, messages, 0, once, reply);
    }
  }

  /** Whether so many messages, by the properties that their sender gave each, are taken once. */
  private Once once(Target target, int messages, IntFunction<String> properties) {
    if (settings.once() == Deduplication.Of.OFF
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
      if (keys.isEmpty() || settings.once() == Deduplication.Of.ALL) {
        return Once.no();
      }
      keys = keys.subList(0, 1);
    }
    return Once.of(recent, keys, messages);
  }

  private boolean isNamed(String properties) {
    return settings.once() == Deduplication.Of.ALL || properties.contains(ONCE_ENTRY);
  }

  private void offerHalves(
      Call call,
      Target target,
      int queueId,
      String properties,
      EncodedMessages messages,
      Once once,
      SendReply reply) {
    if (TopicNames.isRetry(target.name()) || target.deadLetter()) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "a half-message cannot be sent to " + target.name() + ", where messages are tried again");
    }
    String name = Properties.value(properties, PropertyNames.ESCROW_TRANSACTION);
    if (name != null && name.length() > LONGEST_TRANSACTION) {
      throw new Refusal(
          ResponseCode.MESSAGE_ILLEGAL,
          "the transaction's name has " + name.length() + " characters, at most "
              + LONGEST_TRANSACTION + " are allowed");
    }
    Destination destination = new Destination(topics, target.name(), target.toCreate());
    halves.offer(call.connection(), properties, destination, queueId, messages, once, reply);
  }

  // Clients set both the flag and the property; either alone must not make it visible.
  private static boolean isHalf(SendMessageHeader header, String properties) {
    return SysFlags.transaction(header.sysFlag()) == SysFlags.TRANSACTION_PREPARED
        || (properties.contains(HALF_ENTRY) && !TopicNames.isRetry(header.topic()));
  }

  /** A half-message's properties name the group whose producers may be asked. */
  private static String owned(SendMessageHeader header, String properties, boolean isHalf) {
    return isHalf && Properties.value(properties, PropertyNames.PRODUCER_GROUP) == null
        ? Properties.appended(properties, PropertyNames.PRODUCER_GROUP, header.producerGroup())
        : properties;
  }

  private static int sysFlag(SendMessageHeader header, Target target, boolean isHalf) {
    int sysFlag = header.sysFlag() & ~(SysFlags.BORN_HOST_V6 | SysFlags.STORE_HOST_V6);
    if (isHalf) { // encoded as it will be seen
      sysFlag = SysFlags.withTransaction(sysFlag, SysFlags.TRANSACTION_COMMIT);
    }
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

  private static int queueId(SendMessageHeader header, Target target) {
    Topic topic = target.topic();
    int wanted = header.queueId();
    if (target.deadLetter()) {
      return 0;
    }
    if (wanted < 0) {
      return ThreadLocalRandom.current().nextInt(Math.max(1, topic.writeQueues()));
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

  private long dueTime(String properties) {
    DueTime.Asked asked = DueTime.of(properties, clock.millis());
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
