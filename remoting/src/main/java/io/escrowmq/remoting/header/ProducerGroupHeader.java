package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/** One producer group: GET_PRODUCER_CONNECTION_LIST. */
public record ProducerGroupHeader(String producerGroup) implements WireHeader, OfGroup {

  public static final HeaderReader<ProducerGroupHeader> FIELDS =
      fields -> new ProducerGroupHeader(fields.requiredText("producerGroup"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("producerGroup", producerGroup);
  }

  @Override
  public String groupName() {
    return producerGroup;
  }
}
