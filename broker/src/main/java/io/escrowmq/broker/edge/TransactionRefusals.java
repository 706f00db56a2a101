package io.escrowmq.broker.edge;

import static io.escrowmq.remoting.code.ResponseCode.*;

import io.escrowmq.broker.refusal.Refusal;

/** The part of {@link RefusalPage} about half-messages, and about decisions on them. Pure. */
final class TransactionRefusals {

  private TransactionRefusals() {}

  static void addTo(RefusalLines page) {
    halfMessages(page);
    reports(page);
    decisions(page);
    orders(page);
  }

  private static void halfMessages(RefusalLines page) {
    page.put(
        Refusal.HalfOfRetries.class,
        MESSAGE_ILLEGAL,
        it ->
            "a half-message cannot be sent to " + it.topic() + ", where messages are tried again");
    page.put(
        Refusal.TransactionNameTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the transaction's name has " + it.characters() + " characters, at most " + it.most()
            + " are allowed");
    page.put(
        Refusal.ProducerGroupTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the producer group of a half-message (PGROUP) has " + it.characters()
            + " characters, at most " + it.most() + " are allowed");
    page.put(
        Refusal.HalfTermsTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the properties that tell what to do with the half-message take " + it.bytes()
            + " bytes, at most " + it.most() + " are allowed");
    page.put(
        Refusal.HalfPropertiesTooLong.class,
        MESSAGE_ILLEGAL,
        it -> "the properties of the half-message take " + it.bytes() + " bytes, at most "
            + it.most() + " are allowed; put more into the body");
    page.put(
        Refusal.EscrowFull.class,
        SYSTEM_BUSY,
        it -> "[OVERLOAD] " + it.held() + " " + inWords(it) + ", at most " + it.most()
            + " may be; decide open transactions first");
    page.put(
        Refusal.TransactionTooLong.class,
        MESSAGE_ILLEGAL,
        it -> inWords(it) + "; it may have " + it.most() + " at most, use more transactions");
    page.put(
        Refusal.TransactionClosed.class,
        TRANSACTION_DECIDED_OTHERWISE,
        it -> "the transaction " + it.transaction() + " of the group " + it.group()
            + " takes no more messages: " + DecisionWords.of(it.decision()));
  }

  /** What producers report. */
  private static void reports(RefusalLines page) {
    page.put(
        Refusal.ReportsWait.class,
        SYSTEM_BUSY,
        it -> it.waiting() + " requests wait for the log; try again");
    page.put(
        Refusal.NotYourTransaction.class,
        SYSTEM_ERROR,
        it -> it.transaction() + " belongs to the producer group " + it.owner());
    page.put(
        Refusal.TransactionIncomplete.class,
        TRANSACTION_INCOMPLETE,
        it -> "of " + it.transaction() + " only " + it.here()
            + " half-messages are here, fewer"
            + " than its producer knows of; roll it back and do it again");
    page.put(
        Refusal.TransactionUnknown.class,
        TRANSACTION_NOT_OPEN,
        it -> it.transaction() + " is not in escrow, and no decision about it is known any more");
    page.put(
        Refusal.DecisionUnreadable.class,
        SERVICE_NOT_AVAILABLE,
        it -> "whether " + it.transaction() + " was decided cannot be read now; try again: "
            + it.why());
  }

  /** What stands in the way of recording a decision. */
  private static void decisions(RefusalLines page) {
    page.put(
        Refusal.TopicOfHalfGone.class,
        TOPIC_NOT_EXIST,
        it ->
            "the topic " + it.topic() + " was deleted after a half-message was sent to it, and that"
                + " went with it, also when there is another topic of this name; roll back, or have an"
                + " operator commit what is left of the transaction");
    page.put(
        Refusal.TopicsOfHalvesGone.class,
        TOPIC_NOT_EXIST,
        it -> "the topics of all its half-messages were deleted after these were sent; roll back");
    page.put(Refusal.HalfDamaged.class, SYSTEM_ERROR, Refusal.HalfDamaged::why);
    page.put(
        Refusal.HalfUnreadable.class,
        SERVICE_NOT_AVAILABLE,
        it -> "a half-message of the transaction cannot be read now; try again: " + it.why());
    page.put(
        Refusal.HalfBeingWritten.class,
        SYSTEM_BUSY,
        it -> "a half-message of the transaction is just being written; try again");
    page.put(
        Refusal.DecisionTooLarge.class,
        SYSTEM_ERROR,
        it -> RefusalPage.words(new Refusal.RecordTooLarge(it.bytes(), it.most())));
    page.put(
        Refusal.ReserveFull.class,
        SERVICE_NOT_AVAILABLE,
        it -> "the disk is full, and so is the reserve for decisions; free some space");
  }

  /** What operators ask for. */
  private static void orders(RefusalLines page) {
    page.put(
        Refusal.OrderTooLong.class,
        INVALID_PARAMETER,
        it -> "who decides has " + it.who() + " characters and the reason " + it.reason()
            + ", at most " + it.mostOfWho() + " and " + it.mostOfReason() + " are allowed");
    page.put(
        Refusal.HalfNotInEscrow.class,
        TRANSACTION_NOT_OPEN,
        it -> "the half-message " + it.id() + " is not in escrow; tx show tells what was decided");
    page.put(
        Refusal.HalfOfManager.class,
        INVALID_PARAMETER,
        it -> "the half-message " + it.id()
            + " was prepared by a transaction manager, and no producer can"
            + " tell how it ends: commit or roll it back as that manager did");
    page.put(
        Refusal.AnswersWait.class,
        SYSTEM_BUSY,
        it -> "[OVERLOAD] " + it.most()
            + " questions about transactions wait for their answers,"
            + " which are read from the disk; ask less often or try again");
  }

  private static String inWords(Refusal.EscrowFull full) {
    return switch (full.limit()) {
      case HALVES -> "half-messages are in escrow (tx.max-open)";
      case BYTES -> "bytes of half-messages are in escrow (tx.max-open-bytes)";
      case MEMORY ->
        "bytes of memory are taken by half-messages in escrow (two fifths of the heap)";
      case HALVES_OF_GROUP ->
        "half-messages of the group " + full.of() + " are in escrow (tx.group-max-open)";
      case BYTES_OF_GROUP ->
        "bytes of half-messages of the group " + full.of()
            + " are in escrow (tx.group-max-open-bytes)";
      case HALVES_OF_TRANSACTION -> "half-messages are in one transaction";
    };
  }

  private static String inWords(Refusal.TransactionTooLong full) {
    return full.transaction() == null
        ? "a transaction of " + full.more() + " half-messages"
        : "the transaction " + full.transaction() + " of " + full.held() + " half-messages, and "
            + full.more() + " more";
  }
}
