package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.TransactionAnswer;
import io.escrowmq.systemtests.driver.TransactionCheck;
import java.util.List;

/** What the unmodified clients' transactional producers are told to send, and asked. Owner: the test. */
final class TransactionalSends {

  static final String NOT_BEFORE_SECONDS = "CHECK_IMMUNITY_TIME_IN_SECONDS";

  /** How late a check is still in time, on a machine that also builds. */
  static final long TOLERANCE_MILLIS = 2500;

  private final Clients clients;

  TransactionalSends(Clients clients) {
    this.clients = clients;
  }

  TransactionAnswer send(String producer, OutgoingMessage message, LocalOutcome local) {
    return clients.driver().sendInTransaction(producer, message, local);
  }

  TransactionAnswer unknown(String producer, OutgoingMessage message) {
    return send(producer, message, LocalOutcome.UNKNOWN);
  }

  /** A half-message that nobody is asked about during the test; returns its number. */
  long undecided(String producer, String topic, String body) {
    OutgoingMessage message = OutgoingMessage.to(topic, body).with(NOT_BEFORE_SECONDS, "600");
    return TransactionRequests.id(unknown(producer, message));
  }

  /** The bodies of what a producer was asked about, in that order. */
  List<String> asked(String producer) {
    return clients.driver().checks(producer).stream()
        .map(TransactionCheck::message)
        .map(ReceivedMessage::body)
        .toList();
  }
}
