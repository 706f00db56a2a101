package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/**
 * ELECT_LEADER: another replica shall lead.
 *
 * @param brokerName the group
 * @param epoch the one that shall end; -1: the last one
 * @param to which replica shall lead; 0: the best
 * @param isHandOver the leader itself asks for it
 * @param acceptedLoss who accepts that committed records are lost, and which; empty: none may be
 */
public record ElectLeaderHeader(
    String brokerName, int epoch, int to, boolean isHandOver, String acceptedLoss)
    implements WireHeader, OfNames {

  public static final HeaderReader<ElectLeaderHeader> FIELDS = fields -> new ElectLeaderHeader(
      fields.requiredText("brokerName"),
      fields.requiredInt("epoch"),
      fields.requiredInt("to"),
      fields.requiredInt("handOver") != 0,
      fields.requiredText("acceptedLoss"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("brokerName", brokerName)
        .put("epoch", epoch)
        .put("to", to)
        .put("handOver", isHandOver ? 1 : 0)
        .put("acceptedLoss", acceptedLoss);
  }

  @Override
  public void nameTo(Names names) {
    names.broker(brokerName);
  }
}
