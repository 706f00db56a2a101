package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * What was decided about a transaction: now, or when it was decided first.
 *
 * @param verdict "COMMIT" or "ROLLBACK"
 * @param decidedMillis when, by the broker's clock
 * @param decidedBy "PRODUCER", "CHECK", "OPERATOR" or "EXHAUSTION"
 * @param again it had been decided before this request
 * @param leftOut how many half-messages this commit made visible nowhere, because their topic was deleted
 */
public record DecisionResponseHeader(
    String verdict, long decidedMillis, String decidedBy, boolean again, int leftOut)
    implements WireHeader {

  /** Of a decision that left nothing out. */
  public DecisionResponseHeader(
      String verdict, long decidedMillis, String decidedBy, boolean again) {
    this(verdict, decidedMillis, decidedBy, again, 0);
  }

  public static final HeaderReader<DecisionResponseHeader> FIELDS =
      fields -> new DecisionResponseHeader(
          fields.requiredText("verdict"),
          fields.requiredLong("decidedMillis"),
          fields.requiredText("decidedBy"),
          fields.booleanOr("again", false),
          fields.intOr("leftOut", 0));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("verdict", verdict)
        .put("decidedMillis", decidedMillis)
        .put("decidedBy", decidedBy)
        .put("again", again);
    if (leftOut > 0) {
      fields.put("leftOut", leftOut);
    }
  }
}
