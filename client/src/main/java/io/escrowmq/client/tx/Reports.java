package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.core.Failures;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.SysFlags;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Tells brokers how transactions ended, once each. Stages fail with {@link EscrowException} when a
 * broker does not answer or cannot do it now. Any thread.
 */
final class Reports {

  private static final String WHAT = "reporting how a transaction ended";

  private final RemotingClient network;
  private final Duration timeout;

  Reports(RemotingClient network, Duration timeout) {
    this.network = network;
    this.timeout = timeout;
  }

  /** Reports about all half-messages of one name; only EscrowMQ knows this request. */
  CompletionStage<BrokerAnswer> decide(String address, DecideTransactionHeader header) {
    return call(address, RequestCode.DECIDE_TRANSACTION, header);
  }

  /** Reports about one half-message. */
  CompletionStage<BrokerAnswer> end(String address, EndTransactionHeader header) {
    return call(address, RequestCode.END_TRANSACTION, header);
  }

  private CompletionStage<BrokerAnswer> call(String address, RequestCode code, WireHeader header) {
    return network.call(address, Request.of(code, header), timeout).handle((answer, failure) -> {
      if (failure != null) {
        throw Failures.lost(WHAT, address, failure);
      }
      return told(address, answer);
    });
  }

  private static BrokerAnswer told(String address, Answer answer) {
    String remark = answer.remark() == null ? "without a reason" : answer.remark();
    if (answer.code() == ResponseCode.SUCCESS.number()) {
      return new BrokerAnswer.Agreement();
    }
    if (answer.code() == ResponseCode.TRANSACTION_NOT_OPEN.number()) {
      return new BrokerAnswer.NoSuchTransaction(remark);
    }
    if (answer.code() == ResponseCode.TRANSACTION_INCOMPLETE.number()) {
      return new BrokerAnswer.Incomplete(remark);
    }
    if (answer.code() == ResponseCode.TRANSACTION_DECIDED_OTHERWISE.number()) {
      String verdict = answer.fields().text("verdict");
      String by = answer.fields().text("decidedBy");
      return new BrokerAnswer.Contradiction(
          address,
          "COMMIT".equals(verdict) ? TransactionOutcome.COMMIT : TransactionOutcome.ROLLBACK,
          by == null ? "somebody" : by,
          Instant.ofEpochMilli(answer.fields().longOr("decidedMillis", 0)),
          remark);
    }
    throw Failures.refused(WHAT, address, answer);
  }

  /** The outcome as the wire says it. */
  static int flags(TransactionOutcome outcome) {
    return switch (outcome) {
      case COMMIT -> SysFlags.TRANSACTION_COMMIT;
      case ROLLBACK -> SysFlags.TRANSACTION_ROLLBACK;
      case UNKNOWN -> SysFlags.TRANSACTION_NONE;
    };
  }
}
