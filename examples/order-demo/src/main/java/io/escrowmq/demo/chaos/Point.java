package io.escrowmq.demo.chaos;

/** A step of a service, between two things that can go wrong on their own. */
public enum Point {
  /** The business rows are written, the outcome row is about to be. */
  BEFORE_OUTCOME_ROW("before the outcome row"),
  /** The outcome row is written and not committed; no half-message has left. */
  OUTCOME_ROW("after the outcome row, before the half-message"),
  /** A half-message is under way. */
  HALF_SENT("half-message sent"),
  /** All half-messages are stored; the database is about to commit. */
  BEFORE_COMMIT("half-message stored, before the database commit"),
  /** The database has committed; the broker has not been told. */
  COMMITTED("after the database commit, before the decision"),
  /** The broker was told, or is being told. */
  TOLD("decision sent"),
  /** A message has come and nothing was done yet. */
  DELIVERED("delivered, before it is handled"),
  /** A message was handled and committed, and not acknowledged. */
  HANDLED("handled, before the acknowledgement"),
  /** That a message was handled has been recorded by the broker. */
  ACKNOWLEDGED("acknowledged"),
  /** A check has looked for the outcome, and answers. */
  CHECKED("check about to be answered");

  private final String title;

  Point(String title) {
    this.title = title;
  }

  /** As people say it. */
  public String title() {
    return title;
  }
}
