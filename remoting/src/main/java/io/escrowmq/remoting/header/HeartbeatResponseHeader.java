package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** Whether the shorter form of heartbeats is understood, and whether a subscription changed. */
public record HeartbeatResponseHeader(boolean supportsV2, boolean subscriptionChanged)
    implements WireHeader {

  public static final HeaderReader<HeartbeatResponseHeader> FIELDS =
      fields -> new HeartbeatResponseHeader(
          fields.booleanOr("IS_SUPPORT_HEART_BEAT_V2", false),
          fields.booleanOr("IS_SUB_CHANGE", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("IS_SUPPORT_HEART_BEAT_V2", supportsV2).put("IS_SUB_CHANGE", subscriptionChanged);
  }
}
