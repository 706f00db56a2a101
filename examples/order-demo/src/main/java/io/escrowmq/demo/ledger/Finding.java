package io.escrowmq.demo.ledger;

import java.util.List;

/**
 * What was found about one invariant. Immutable.
 *
 * @param invariant its short name
 * @param claim what should be so
 * @param violations what is not so; empty when it holds
 */
public record Finding(String invariant, String claim, List<String> violations) {

  /** Whether it holds. */
  public boolean holds() {
    return violations.isEmpty();
  }
}
