package io.escrowmq.broker.edge;

import static io.escrowmq.remoting.code.ResponseCode.*;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every refusal of the core, with its number on the wire and its words: what was refused, the value, the
 * limit, what to do. A refusal that does not stand here cannot be told, so the class does not load without
 * it. Pure.
 */
public final class RefusalPage {

  private static final RefusalLines LINES = new RefusalLines();

  static {
    log();
    topics();
    views();
    offsets();
    reading();
    messages();
    comingBack();
    batches();
    OperatorRefusals.addTo(LINES);
    TransactionRefusals.addTo(LINES);
    LINES.requireAll();
  }

  private RefusalPage() {}

  /** What is answered. */
  public static Reply reply(Refusal refusal) {
    return Reply.refused(code(refusal), words(refusal));
  }

  /** What is answered by who has nothing to tell but that it is done. */
  public static Reply replyOrOk(@Nullable Refusal refusal) {
    return refusal == null ? Reply.ok() : reply(refusal);
  }

  public static ResponseCode code(Refusal refusal) {
    return refusal instanceof Refusal.OneOfMany one
        ? code(one.why())
        : LINES.of(refusal).code();
  }

  /** For people. */
  public static String words(Refusal refusal) {
    return LINES.of(refusal).words().apply(refusal);
  }

  private static void log() {
    put(
        Refusal.InboxFull.class,
        SYSTEM_BUSY,
        it ->
            "[OVERLOAD] " + it.waiting() + " requests wait for the log; send slower or try again");
    put(
        Refusal.RecordTooLarge.class,
        MESSAGE_ILLEGAL,
        it -> "a record of " + it.bytes() + " bytes fits no segment of the log, which takes records"
            + " of at most " + it.most() + " bytes; send less at once, or start the broker with a"
            + " larger store.segment-bytes");
    put(
        Refusal.DiskFull.class,
        SERVICE_NOT_AVAILABLE,
        it -> "the disk is full: " + it.missingBytes()
            + " bytes must be freed before messages are taken again (" + it.shortage() + ")");
    put(
        Refusal.UnderReplicated.class,
        SERVICE_NOT_AVAILABLE,
        it -> "[UNDER-REPLICATED] fewer than the " + it.needed() + " replicas that"
            + " replication.min-in-sync asks for had all within the last " + it.lagMillis()
            + " ms; look at the followers, and try again");
    put(
        Refusal.TooMuchUncommitted.class,
        SERVICE_NOT_AVAILABLE,
        it -> "[UNDER-REPLICATED] with it " + it.bytes() + " bytes of the log would be on fewer"
            + " replicas than replication.min-in-sync asks for, at most " + it.most()
            + " may; look at the followers, and try again");
    put(
        Refusal.QueuesNotWritten.class,
        SERVICE_NOT_AVAILABLE,
        it -> "the files below queues/ could not be written for long, and their entries fill the"
            + " memory: " + it.bytesInMemory()
            + " bytes; see the broker's log, free or mend the disk, and try again");
    put(
        Refusal.AnswersHeld.class,
        SYSTEM_BUSY,
        it ->
            "[OVERLOAD] answers of " + it.bytes() + " bytes wait for changes that are not safe yet,"
                + " at most " + it.most() + " may; try again");
    put(Refusal.MemoryFull.class, SYSTEM_BUSY, it -> "[OVERLOAD] " + it.why());
    put(Refusal.NotServed.class, SYSTEM_ERROR, Refusal.NotServed::why);
    put(Refusal.LogStopped.class, SERVICE_NOT_AVAILABLE, Refusal.LogStopped::why);
    put(
        Refusal.CoreClosed.class,
        SERVICE_NOT_AVAILABLE, // RocketMQ's clients try that again
        it ->
            "the broker is opening its log, or another replica of it leads; look at the routes, and"
                + " try again");
    put(
        Refusal.LogUnreadable.class,
        SYSTEM_ERROR,
        it -> "the log cannot be read now, try again: " + it.why());
    put(
        Refusal.OneOfMany.class,
        SYSTEM_ERROR, // never: the code of the one
        it -> it.what() + ": " + words(it.why())
            + (it.of() > 1 ? "; none of the " + it.of() + " is changed" : ""));
  }

  private static void topics() {
    put(
        Refusal.TopicNotCreated.class,
        TOPIC_NOT_EXIST,
        it -> "the topic " + it.topic()
            + " does not exist and is not created by sending to it; create it, or"
            + " set topic.auto-create=true");
    put(
        Refusal.TopicDeletedJustNow.class,
        TOPIC_NOT_EXIST,
        it -> "the topic " + it.topic() + " was deleted a moment ago");
    put(Refusal.TopicsFull.class, TOPIC_NOT_EXIST, Refusal.TopicsFull::why);
    put(Refusal.NotKept.class, SYSTEM_ERROR, Refusal.NotKept::why);
    put(Refusal.BadValue.class, INVALID_PARAMETER, Refusal.BadValue::why);
    put(Refusal.BadTopic.class, SYSTEM_ERROR, Refusal.BadTopic::why);
    put(
        Refusal.TopicOfBroker.class,
        NO_PERMISSION,
        it -> "the topic " + it.topic() + " is the broker's own; send to another");
    put(
        Refusal.NoSuchQueue.class,
        INVALID_PARAMETER,
        it -> "the topic " + it.topic() + " has " + it.queues() + " queues; there is no queue "
            + it.queueId());
    put(
        Refusal.NoSuchTopic.class,
        TOPIC_NOT_EXIST,
        it -> "the topic " + it.topic() + " does not exist");
    put(
        Refusal.NoSuchGroup.class,
        SUBSCRIPTION_GROUP_NOT_EXIST,
        it -> "the consumer group " + it.group() + " does not exist");
  }

  private static void views() {
    put(
        Refusal.TooManyTopics.class,
        SYSTEM_ERROR,
        it -> "the settings of all topics: " + it.why() + "; ask in pages (topicSeq,"
            + " maxTopicNum), as tools of RocketMQ 5.5 do, or a name server for the names");
    put(
        Refusal.TooManyGroups.class,
        SYSTEM_ERROR,
        it -> "the settings of all groups: " + it.why() + "; ask in pages (groupSeq,"
            + " maxGroupNum), as tools of RocketMQ 5.5 do");
    put(Refusal.NotPermitted.class, NO_PERMISSION, Refusal.NotPermitted::why);
    put(
        Refusal.NoMessageAt.class,
        SYSTEM_ERROR,
        it -> "no message that can be seen begins at " + it.position() + "; the log holds "
            + it.start() + " to " + it.end());
    put(
        Refusal.NoMessageWithKey.class,
        QUERY_NOT_FOUND,
        it -> "no message of " + it.topic() + " has the key " + it.key() + " in that time");
  }

  private static void offsets() {
    put(Refusal.GroupNotCreated.class, SUBSCRIPTION_GROUP_NOT_EXIST, Refusal.GroupNotCreated::why);
    put(
        Refusal.OffsetNegative.class,
        INVALID_PARAMETER,
        it -> "the offset " + it.offset() + " is below 0");
    put(
        Refusal.OffsetBeyondEnd.class,
        INVALID_PARAMETER,
        it -> "the offset " + it.offset() + " is behind the end of queue " + it.queueId() + " of "
            + it.topic() + ", " + it.end()
            + ": the topic was made again, or the consumer has read what a failure took back");
    put(
        Refusal.OffsetOutside.class,
        SYSTEM_ERROR,
        it -> "the offset " + it.offset() + " lies outside of queue " + it.queueId() + " of "
            + it.topic() + ", which holds " + it.first() + " to " + it.end());
    put(
        Refusal.NoOffset.class,
        QUERY_NOT_FOUND,
        it -> "the group " + it.group() + " has no offset on queue " + it.queueId() + " of "
            + it.topic());
    put(
        Refusal.NoQueueToSet.class,
        SYSTEM_ERROR,
        it -> words(new Refusal.NoSuchQueue(it.topic(), it.queues(), it.queueId())));
  }

  private static void reading() {
    put(
        Refusal.GroupMayNotConsume.class,
        NO_PERMISSION,
        it -> "the consumer group " + it.group() + " may not consume");
    put(
        Refusal.GroupMayNotBroadcast.class,
        NO_PERMISSION,
        it -> "the consumer group " + it.group()
            + " may not consume by broadcasting, because its"
            + " consumeBroadcastEnable is false; consume by clustering, or set it to true");
    put(
        Refusal.TopicForbidden.class,
        NO_PERMISSION,
        it -> "the consumer group " + it.group() + " is forbidden to read " + it.topic());
    put(
        Refusal.TopicNotReadable.class,
        NO_PERMISSION,
        it -> "the topic " + it.topic() + " may not be read");
    put(
        Refusal.NoSuchReadQueue.class,
        INVALID_PARAMETER,
        it -> "the topic " + it.topic() + " has " + it.queues()
            + " queues to read; there is no queue " + it.queueId());
    put(
        Refusal.NotSubscribed.class,
        SUBSCRIPTION_NOT_EXIST,
        it -> "the consumer group " + it.group() + " has not subscribed " + it.topic());
    put(
        Refusal.SubscriptionTooOld.class,
        SUBSCRIPTION_NOT_LATEST,
        it -> "the subscription of " + it.topic() + " is older than the consumer's");
    put(Refusal.BadSubscription.class, SUBSCRIPTION_PARSE_FAILED, Refusal.BadSubscription::why);
    put(Refusal.NoFilter.class, FILTER_DATA_NOT_EXIST, Refusal.NoFilter::why);
    put(
        Refusal.MessageUnreadable.class,
        SERVICE_NOT_AVAILABLE,
        it -> "the message cannot be read now, try again: " + it.why());
    // clients try again after a second, at the same offset
    put(Refusal.NothingReadable.class, SERVICE_NOT_AVAILABLE, Refusal.NothingReadable::why);
  }

  private static void messages() {
    put(
        Refusal.BodyTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the body has " + it.bytes() + " bytes, at most " + it.most()
            + " are allowed (message.max-bytes)");
    put(
        Refusal.PropertiesTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the properties take " + it.bytes() + " bytes with the broker's own, at most "
            + it.most() + " are allowed, so that consumers can send the message back;"
            + " put more into the body");
    put(Refusal.BadMessage.class, MESSAGE_ILLEGAL, Refusal.BadMessage::why);
    put(Refusal.BadDelay.class, MESSAGE_ILLEGAL, Refusal.BadDelay::why);
    put(
        Refusal.DelaysFull.class,
        SYSTEM_BUSY,
        it -> "[OVERLOAD] " + it.held() + " delayed messages wait, " + it.more()
            + " more are too many: at most " + it.most()
            + " may wait with the broker's heap; send without a delay, try again later,"
            + " or give the broker more memory");
  }

  private static void comingBack() {
    put(
        Refusal.NoMessageToSendBack.class,
        SYSTEM_ERROR,
        it -> "there is no message at position " + it.position() + " (any more)");
    put(
        Refusal.NotSentAgain.class,
        MESSAGE_ILLEGAL,
        it -> "the message at position " + it.position() + " cannot be sent again: " + it.why());
    put(
        Refusal.TopicNotWritable.class,
        NO_PERMISSION,
        it -> "the topic " + it.topic() + " may not be written");
    put(
        Refusal.ReplyNotDelivered.class,
        SYSTEM_ERROR, // the code of every one; clients of RocketMQ know it
        it -> "the reply was not delivered: " + it.why());
    put(
        Refusal.RepliesOfRequesterWait.class,
        SYSTEM_BUSY,
        it -> "the client that asked has not taken replies of " + it.bytes() + " bytes, at most "
            + it.most() + " may wait for one client; try again");
    put(
        Refusal.RepliesWait.class,
        SYSTEM_BUSY,
        it -> "requesters have not taken replies of " + it.bytes() + " bytes, at most " + it.most()
            + " may wait for all; try again");
  }

  private static void batches() {
    put(
        Refusal.BatchOfRetries.class,
        MESSAGE_ILLEGAL,
        it -> "a batch cannot be sent to the retry topic " + it.topic());
    put(
        Refusal.BatchTopicTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "a batch's topic has " + it.characters() + " characters, at most " + it.most()
            + " are allowed");
    put(
        Refusal.BatchTooLarge.class,
        MESSAGE_ILLEGAL,
        it -> "the " + it.messages() + " messages of the batch take " + it.bytes()
            + " bytes as they are stored, at most " + it.most()
            + " are allowed; send fewer at once");
    put(
        Refusal.DelayInBatch.class,
        MESSAGE_ILLEGAL,
        it -> "message " + it.message()
            + " of the batch asks for a delay, which messages of a batch cannot have; send it alone");
    put(
        Refusal.MixedBatch.class,
        MESSAGE_ILLEGAL,
        it -> "message " + it.message() + " of the batch is "
            + (it.beginsWithHalf()
                ? "no half-message, the first one is"
                : "a half-message, the first one is not")
            + "; send them in batches of their own");
    put(
        Refusal.BatchOfOtherGroup.class,
        MESSAGE_ILLEGAL,
        it -> "the half-messages of the batch are of the producer group " + it.group()
            + " (PGROUP), and their request of " + it.sender()
            + "; name the same group in both");
    put(
        Refusal.BatchOfTransactions.class,
        MESSAGE_ILLEGAL,
        it -> "message " + it.message() + " of the batch says " + it.property() + "=" + it.own()
            + ", the first one " + it.first()
            + "; half-messages that come together are one transaction");
  }

  private static <R extends Refusal> void put(
      Class<R> kind, ResponseCode code, Function<R, String> words) {
    LINES.put(kind, code, words);
  }
}
