package io.escrowmq.broker.send;

import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfIntake;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.PropertyRoom;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.Surroundings;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends, single and in batches, whatever protocol they came by. Judges what needs no log, encodes the
 * messages to their final bytes, and hands them to the log or into escrow. Any event loop.
 */
public final class Sends {

  /**
   * The two ways into the log.
   *
   * @param visible for messages that consumers see at once, or when they are due
   * @param halves for messages that wait for a decision
   */
  public record Doors(MessageIntake visible, HalfIntake halves) {}

  private static final int BATCH_OVERHEAD = 64 << 10; // of what is stored beside bodies

  private final SendSettings settings;
  private final TopicCatalog topics;
  private final ResendRule resends;
  private final MessageForge forge;
  private final MessageIntake intake;
  private final HalfIntake halves;
  private final RecentSends recent;
  private final Traffic traffic;
  private final InstantSource clock;
  private final Chance chance;

  public Sends(
      SendSettings settings,
      TopicCatalog topics,
      ResendRule resends,
      MessageForge forge,
      Doors doors,
      RecentSends recent,
      Traffic traffic,
      Surroundings machine) {
    this.settings = settings;
    this.topics = topics;
    this.resends = resends;
    this.forge = forge;
    this.intake = doors.visible();
    this.halves = doors.halves();
    this.recent = recent;
    this.traffic = traffic;
    this.clock = machine.clock();
    this.chance = machine.chance();
  }

  /** Takes one message. */
  public void one(SendRequest request, MessageAppend.Outcome outcome) {
    try {
      checkRoom();
      takeOne(request, outcome);
    } catch (RefusedException e) {
      refuse(outcome, e.refusal());
    } catch (BadMessageException e) {
      refuse(outcome, new Refusal.BadMessage(String.valueOf(e.getMessage())));
    }
  }

  /** Takes several messages for one queue: all of them or none. */
  public void batch(SendRequest request, MessageAppend.Outcome outcome) {
    try {
      checkRoom();
      takeBatch(request, outcome);
    } catch (RefusedException e) {
      refuse(outcome, e.refusal());
    } catch (BadMessageException e) {
      refuse(outcome, new Refusal.BadMessage(String.valueOf(e.getMessage())));
    }
  }

  /** Why a send is refused now, whatever it is, and counts as refused; null when it is not. */
  public @Nullable Refusal refusal() {
    Refusal full = intake.refusal();
    if (full != null) {
      traffic.refused();
    }
    return full;
  }

  // First of all: what is refused under overload must not cost what is missing for the others.
  private void checkRoom() {
    Refusal full = intake.refusal();
    if (full != null) {
      throw new RefusedException(full);
    }
  }

  private void refuse(MessageAppend.Outcome outcome, Refusal why) {
    traffic.refused();
    outcome.refused(why);
  }

  private void takeOne(SendRequest request, MessageAppend.Outcome outcome) {
    Target target = Target.of(request, topics, resends);
    int queueId = target.queue(request.queueId(), chance);
    checkBody(request.body());
    PassingProperties.Split split =
        PassingProperties.split(request.properties(), request.isOfRetries());
    boolean isHalf = HalfRules.isHalf(request, split.control());
    long dueMillis = target.deadLetter() ? 0 : dueTime(split.control());
    String properties = forge.complete(located(split, dueMillis, target.name(), queueId));
    PropertyRoom.check(properties, target.name());
    byte[] bytes = MessageCodec.encode(new NewMessage(
        target.name(),
        queueId,
        request.flag(),
        target.sysFlag(request.sysFlag(), isHalf),
        request.bornTimestamp(),
        request.sender().remoteAddress(),
        forge.storeHost(),
        request.reconsumeTimes(),
        0,
        request.body(),
        properties));
    EncodedMessages message =
        EncodedMessages.of(bytes, Properties.value(properties, PropertyNames.UNIQUE_KEY));
    Once once = target.isForRetries() // there a message comes again under its key
        ? Once.no()
        : Once.of(recent, whose(), isHalf, request.properties(), message.bodyCrc(0));
    CountingOutcome counted = new CountingOutcome(outcome, target.name(), message.length());
    if (isHalf) {
      HalfTerms terms = HalfTerms.of(split.control(), request.group());
      HalfRules.checkRoom(properties, terms.control());
      offerHalves(request, target, queueId, terms, message, once, counted);
    } else {
      intake.offer(target.name(), target.toCreate(), queueId, message, dueMillis, once, counted);
    }
  }

  // A message that waited for a delay level names its topic and queue, as RocketMQ's brokers do.
  private static String located(
      PassingProperties.Split split, long dueMillis, String topic, int queueId) {
    if (dueMillis == 0 || !DueTime.isByLevel(split.control())) {
      return split.visible();
    }
    String real = Properties.appended(split.visible(), PropertyNames.REAL_TOPIC, topic);
    return Properties.appended(real, PropertyNames.REAL_QUEUE_ID, Integer.toString(queueId));
  }

  private void takeBatch(SendRequest request, MessageAppend.Outcome outcome) {
    checkTopicOfBatch(request.topic());
    Target target = Target.of(request, topics, resends);
    int queueId = target.queue(request.queueId(), chance);
    checkBody(request.body());
    SentBatch batch = new SentBatch(BatchCodec.read(request.body()), request.isOfRetries());
    boolean isHalf = HalfRules.isHalf(request, batch.control(0));
    batch.checkTerms(request.isPrepared(), request.group(), clock.millis());
    MessageTemplate shared = new MessageTemplate(
        target.name(),
        queueId,
        target.sysFlag(request.sysFlag(), isHalf),
        request.bornTimestamp(),
        request.sender().remoteAddress(),
        forge.storeHost(),
        request.reconsumeTimes());
    EncodedMessages messages =
        batch.encode(forge, shared, 2L * settings.maxMessageBytes() + BATCH_OVERHEAD);
    CountingOutcome counted = new CountingOutcome(outcome, target.name(), messages.length());
    Once once = target.deadLetter()
        ? Once.no()
        : Once.ofEach(
            recent, whose(), isHalf, batch.count(), batch::sentProperties, messages::bodyCrc);
    if (isHalf) { // told by the first what to do with them: they agree
      HalfTerms terms = HalfTerms.of(batch.control(0), request.group());
      for (int i = 0; i < batch.count(); i++) {
        HalfRules.checkRoom(forge.complete(batch.item(i).propertyString()), terms.control());
      }
      offerHalves(request, target, queueId, terms, messages, once, counted);
    } else {
      intake.offer(target.name(), target.toCreate(), queueId, messages, 0, once, counted);
    }
  }

  private static void checkTopicOfBatch(String topic) {
    if (TopicNames.isRetry(topic)) {
      throw new RefusedException(new Refusal.BatchOfRetries(topic));
    }
    if (topic.length() > TopicNames.MAX_LENGTH) {
      throw new RefusedException(
          new Refusal.BatchTopicTooLong(topic.length(), TopicNames.MAX_LENGTH));
    }
  }

  private Deduplication.Of whose() {
    return settings.deduplication().of();
  }

  private void offerHalves(
      SendRequest request,
      Target target,
      int queueId,
      HalfTerms terms,
      EncodedMessages messages,
      Once once,
      MessageAppend.Outcome outcome) {
    HalfRules.check(target, terms);
    Destination destination = new Destination(topics, target.name(), target.toCreate());
    halves.offer(request.sender(), terms, destination, queueId, messages, once, outcome);
  }

  private void checkBody(ByteBuffer body) {
    int most = settings.maxMessageBytes();
    if (body.remaining() > most) {
      throw new RefusedException(new Refusal.BodyTooLong(body.remaining(), most));
    }
  }

  private long dueTime(String control) {
    DueTime.DelayRequest asked = DueTime.of(control, clock.millis());
    if (asked.refusal() != null) {
      throw new RefusedException(new Refusal.BadDelay(asked.refusal()));
    }
    return asked.dueMillis();
  }

  /** Counts how a send ended, and tells. */
  private final class CountingOutcome implements MessageAppend.Outcome {

    private final MessageAppend.Outcome outcome;
    private final String topic;
    private final int bytes;

    CountingOutcome(MessageAppend.Outcome outcome, String topic, int bytes) {
      this.outcome = outcome;
      this.topic = topic;
      this.bytes = bytes;
    }

    @Override
    public void stored(Receipt where) {
      if (where.repeated()) {
        traffic.repeated();
      } else {
        traffic.stored(topic, where.messages(), bytes);
      }
      outcome.stored(where);
    }

    @Override
    public void refused(Refusal why) {
      refuse(outcome, why);
    }
  }
}
