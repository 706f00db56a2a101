package io.escrowmq.broker.refusal;

import io.escrowmq.tx.Admission;
import io.escrowmq.tx.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Why the core refuses a request, with the values that its sender needs. Rules make them and know
 * nothing of any protocol; {@code edge.RefusalPage} gives each a number and words. Immutable.
 */
public sealed interface Refusal {

  // The log, and room

  /** Too many requests wait; trying again later helps. */
  record InboxFull(int waiting) implements Refusal {}

  /** The record fits no segment, however much room there is. */
  record RecordTooLarge(int bytes, int most) implements Refusal {}

  /**
   * So many bytes must be freed first.
   *
   * @param shortage what the disk or the system says
   */
  record DiskFull(long missingBytes, @Nullable String shortage) implements Refusal {}

  /** So few replicas are in step that what is recorded would not be acknowledged. */
  record UnderReplicated(int needed, long lagMillis) implements Refusal {}

  /** So much of the log would wait for replicas. */
  record TooMuchUncommitted(long bytes, long most) implements Refusal {}

  /** The files of the queues could not be written for long. */
  record QueuesNotWritten(long bytesInMemory) implements Refusal {}

  /** So much waits to be shown that one more answer must not. */
  record AnswersHeld(long bytes, long most) implements Refusal {}

  /** What is kept takes all the memory that it may. */
  record MemoryFull(String why) implements Refusal {}

  /** It could not be ruled on, and nothing was recorded. */
  record NotServed(String why) implements Refusal {}

  /** Whether anything was recorded is not known. */
  record LogStopped(String why) implements Refusal {}

  /** No log is open for the moment. */
  record CoreClosed() implements Refusal {}

  record LogUnreadable(String why) implements Refusal {}

  /** One of several things that a request would change is refused, and so all of them. */
  record OneOfMany(String what, Refusal why, int of) implements Refusal {}

  // Topics and groups

  /** There is none, and none is created by being sent to. */
  record TopicNotCreated(String topic) implements Refusal {}

  record TopicDeletedJustNow(String topic) implements Refusal {}

  /** There is no room for one more. */
  record TopicsFull(String why) implements Refusal {}

  /** What the request would have the broker keep is too much, besides all that it keeps. */
  record NotKept(String why) implements Refusal {}

  /** A value that may not be so, whatever else there is. */
  record BadValue(String why) implements Refusal {}

  record BadTopic(String why) implements Refusal {}

  record TopicOfBroker(String topic) implements Refusal {}

  record NoSuchQueue(String topic, int queues, int queueId) implements Refusal {}

  record NoSuchTopic(String topic) implements Refusal {}

  record NoSuchGroup(String group) implements Refusal {}

  /** There is none, and none is created by being used. */
  record GroupNotCreated(String why) implements Refusal {}

  /** The settings of all do not fit an answer. */
  record TooManyTopics(String why) implements Refusal {}

  /** Likewise. */
  record TooManyGroups(String why) implements Refusal {}

  // Offsets

  record NoOffset(String group, String topic, int queueId) implements Refusal {}

  record OffsetNegative(long offset) implements Refusal {}

  record OffsetBeyondEnd(long offset, String topic, int queueId, long end) implements Refusal {}

  /** Where an operator would set a group to. */
  record OffsetOutside(long offset, String topic, int queueId, long first, long end)
      implements Refusal {}

  record NoQueueToSet(String topic, int queues, int queueId) implements Refusal {}

  // Reading

  record GroupMayNotConsume(String group) implements Refusal {}

  record GroupMayNotBroadcast(String group) implements Refusal {}

  /** An operator has forbidden the group to read it. */
  record TopicForbidden(String group, String topic) implements Refusal {}

  record TopicNotReadable(String topic) implements Refusal {}

  record NoSuchReadQueue(String topic, int queues, int queueId) implements Refusal {}

  record NotSubscribed(String group, String topic) implements Refusal {}

  record SubscriptionTooOld(String topic) implements Refusal {}

  /** What the pull brings cannot be understood. */
  record BadSubscription(String why) implements Refusal {}

  /** What the group has subscribed cannot be understood. */
  record NoFilter(String why) implements Refusal {}

  record MessageUnreadable(String why) implements Refusal {}

  /** Of a queue, for whatever reason but the damage of single messages: no offset moves. */
  record NothingReadable(String why) implements Refusal {}

  /** None that can be seen. */
  record NoMessageAt(long position, long start, long end) implements Refusal {}

  record NoMessageWithKey(String topic, String key) implements Refusal {}

  /** The caller may not do that with something that the request turned out to be about. */
  record NotPermitted(String why) implements Refusal {}

  // Clients, and what operators ask

  record ConsumersAway(String group) implements Refusal {}

  /** The same, where somebody asks for its members. */
  record NoMembers(String group) implements Refusal {}

  record NoProducers(String group) implements Refusal {}

  record NoSubscription(String group, String topic) implements Refusal {}

  record NoClient(@Nullable String client, String group) implements Refusal {}

  record ClientLate(@Nullable String client, long seconds) implements Refusal {}

  record ClientNotAsked(@Nullable String client, String why) implements Refusal {}

  /** With a code that nobody knows. */
  record OddAnswer(int code) implements Refusal {}

  record NoMessageOfId(@Nullable String id) implements Refusal {}

  record NoHalfOfId(@Nullable String id) implements Refusal {}

  record NoStatistic(String name, String key) implements Refusal {}

  /** A setting that cannot be changed while the broker runs. */
  record FixedSetting(String key) implements Refusal {}

  // Messages that come back, and replies

  record NoMessageToSendBack(long position) implements Refusal {}

  /** Its bytes make no message any more. */
  record NotSentAgain(long position, String why) implements Refusal {}

  record TopicNotWritable(String topic) implements Refusal {}

  record ReplyNotDelivered(String why) implements Refusal {}

  /** So much waits for one client. */
  record RepliesOfRequesterWait(long bytes, long most) implements Refusal {}

  /** So much waits for all clients. */
  record RepliesWait(long bytes, long most) implements Refusal {}

  // Messages

  record BodyTooLong(int bytes, int most) implements Refusal {}

  /** Consumers could not send it back. */
  record PropertiesTooLong(int bytes, int most) implements Refusal {}

  /** Its bytes cannot be read, or cannot be stored. */
  record BadMessage(String why) implements Refusal {}

  record BadDelay(String why) implements Refusal {}

  record DelaysFull(int held, int more, int most) implements Refusal {}

  // Batches

  record BatchOfRetries(String topic) implements Refusal {}

  record BatchTopicTooLong(int characters, int most) implements Refusal {}

  record BatchTooLarge(int messages, long bytes, long most) implements Refusal {}

  record DelayInBatch(int message) implements Refusal {}

  /** Some are half-messages and some are not. */
  record MixedBatch(int message, boolean beginsWithHalf) implements Refusal {}

  /** Its half-messages name a producer group in their properties, and the request another one. */
  record BatchOfOtherGroup(String group, String sender) implements Refusal {}

  /** Half-messages that come together are one transaction. */
  record BatchOfTransactions(
      int message,
      String property,
      @Nullable String own,
      @Nullable String first) implements Refusal {}

  // Half-messages

  record HalfOfRetries(String topic) implements Refusal {}

  record TransactionNameTooLong(int characters, int most) implements Refusal {}

  record ProducerGroupTooLong(int characters, int most) implements Refusal {}

  record HalfTermsTooLong(int bytes, int most) implements Refusal {}

  record HalfPropertiesTooLong(int bytes, int most) implements Refusal {}

  /**
   * A bound of escrow is reached.
   *
   * @param of the transaction's producer group
   */
  record EscrowFull(Admission.Limit limit, long held, long most, String of) implements Refusal {}

  /**
   * It would have more half-messages than one transaction may.
   *
   * @param transaction what its producer calls it; null when nothing
   */
  record TransactionTooLong(@Nullable String transaction, long held, int more, long most)
      implements Refusal {}

  // Decisions, about a transaction in words: "the half-message 17"

  /** A report has to read more than a turn may, and there is no room for its next turn. */
  record ReportsWait(int waiting) implements Refusal {}

  record NotYourTransaction(String transaction, String owner) implements Refusal {}

  /** Fewer of its half-messages are here than its producer knows of. */
  record TransactionIncomplete(String transaction, int here) implements Refusal {}

  record TransactionUnknown(String transaction) implements Refusal {}

  record DecisionUnreadable(String transaction, String why) implements Refusal {}

  record TopicOfHalfGone(String topic) implements Refusal {}

  /** An operator wants to commit, and nothing of the transaction is left. */
  record TopicsOfHalvesGone() implements Refusal {}

  record HalfDamaged(String why) implements Refusal {}

  /** Trying again may help. */
  record HalfUnreadable(String why) implements Refusal {}

  /** It is in the very batch that is being written. */
  record HalfBeingWritten() implements Refusal {}

  record DecisionTooLarge(int bytes, int most) implements Refusal {}

  /** Not even the reserve of the disk has room. */
  record ReserveFull() implements Refusal {}

  record OrderTooLong(int who, int reason, int mostOfWho, int mostOfReason) implements Refusal {}

  record HalfNotInEscrow(long id) implements Refusal {}

  /** No producer can tell how it ends. */
  record HalfOfManager(long id) implements Refusal {}

  /** Too many questions wait whose answers are read from the disk. */
  record AnswersWait(int most) implements Refusal {}

  /** It was decided before these half-messages came. */
  record TransactionClosed(@Nullable String transaction, String group, Decision decision)
      implements Refusal {}
}
