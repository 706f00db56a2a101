package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.remoting.message.MessageView;

/** Knows how transactions of one producer group ended. */
interface Checker {

  /** How it ended; may block. An exception counts as UNKNOWN. */
  TransactionOutcome check(MessageView half);
}
