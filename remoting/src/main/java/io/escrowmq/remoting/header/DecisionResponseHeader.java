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
 */
public record DecisionResponseHeader(
    String verdict, long decidedMillis, String decidedBy, boolean again) implements WireHeader {

  public static final HeaderReader<DecisionResponseHeader> FIELDS =
      fields -> new DecisionResponseHeader(
          fields.requiredText("verdict"),
          fields.requiredLong("decidedMillis"),
          fields.requiredText("decidedBy"),
          fields.booleanOr("again", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("verdict", verdict)
        .put("decidedMillis", decidedMillis)
        .put("decidedBy", decidedBy)
        .put("again", again);
  }
}
