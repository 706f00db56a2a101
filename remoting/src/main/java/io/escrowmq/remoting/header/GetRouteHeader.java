package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** GET_ROUTEINFO_BY_TOPIC. */
public record GetRouteHeader(String topic, boolean standardJson) implements WireHeader, OfTopic {

  public static final HeaderReader<GetRouteHeader> FIELDS = fields -> new GetRouteHeader(
      fields.requiredText("topic"), fields.booleanOr("acceptStandardJsonOnly", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("acceptStandardJsonOnly", standardJson);
  }
}
