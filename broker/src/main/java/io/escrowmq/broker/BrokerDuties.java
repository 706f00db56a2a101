package io.escrowmq.broker;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.WitnessDuty;
import io.escrowmq.broker.tx.TransactionRequests;
import java.util.List;

/**
 * All work of a broker's log loop that is due by time. A broker takes it from here, and so does the test
 * that has each of it fail: what is added here is tested by itself.
 */
final class BrokerDuties {

  private final RetentionDuty retention;
  private final List<Duty> all; // in the order in which a turn looks at them

  BrokerDuties(BrokerState state, StateKeeper states, TransactionRequests transactions) {
    retention = new RetentionDuty(
        state.log,
        state.queues,
        state.keys,
        states,
        state.ages,
        new EscrowRenewal(state.log, state.inEscrow()));
    all = List.of(
        transactions.duty(),
        state.delayed,
        state.offsets,
        states,
        retention,
        new WitnessDuty(state.log));
  }

  List<Duty> all() {
    return all;
  }

  void addTo(LogLoop loop) {
    all.forEach(loop::add);
  }

  /** Operators change its limits. */
  RetentionDuty retention() {
    return retention;
  }
}
