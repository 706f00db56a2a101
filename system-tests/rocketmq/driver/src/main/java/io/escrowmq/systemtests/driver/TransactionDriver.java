package io.escrowmq.systemtests.driver;

import java.util.List;

/** Sending in a transaction, and being asked about it. */
public interface TransactionDriver {

  /**
   * A running transactional producer that answers questions as the script says.
   *
   * @param topic where it is going to send to, which a client of 5.x has to know in order to be seen
   *     by a broker before it has sent anything; empty for one that does not tell
   */
  void startTransacting(
      String producer, String nameServers, String group, String topic, CheckScript script);

  /** Questions are answered in another way from now on. */
  void answerChecks(String producer, CheckScript script);

  /** Sends the half-message, goes through a local transaction with this outcome, and reports it. */
  TransactionAnswer sendInTransaction(String producer, OutgoingMessage message, LocalOutcome local);

  /** The same for many, side by side, all with this outcome. The first failure is thrown. */
  void sendAllInTransaction(String producer, List<OutgoingMessage> messages, LocalOutcome local);

  /** Bodies of the messages whose local transaction was begun, in that order. */
  List<String> localTransactions(String producer);

  /** What was asked until now, in order; also after the stop. */
  List<TransactionCheck> checks(String producer);

  int checkCount(String producer);

  /** Leaves the group in good order. */
  void stopTransacting(String producer);
}
