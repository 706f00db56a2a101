package io.escrowmq.demo;

/** How the services make their databases and messages agree. */
public enum Mode {
  /** The client's transactions: a row in the same database says how each ended. */
  OUTCOME_TABLE("outcome-table"),
  /** A transaction manager, Narayana, with a database that knows XA. */
  JTA("jta"),
  /** A hand-written transaction listener, with the same idea written out. */
  LISTENER("listener"),
  /** Wrong on purpose: commit first, send afterwards. */
  NAIVE("naive");

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /** Whether the broker asks how a transaction ended, so that a check can race with it. */
  public boolean isChecked() {
    return this == OUTCOME_TABLE || this == LISTENER;
  }

  /** As the command line says it. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
