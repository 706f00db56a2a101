package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** UNREGISTER_CLIENT: the client leaves the named groups. */
public record UnregisterClientHeader(
    String clientId,
    @Nullable String producerGroup,
    @Nullable String consumerGroup) implements WireHeader, OfGroup, OfNames {

  public static final HeaderReader<UnregisterClientHeader> FIELDS =
      fields -> new UnregisterClientHeader(
          fields.requiredText("clientID"),
          fields.text("producerGroup"),
          fields.text("consumerGroup"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("clientID", clientId)
        .put("producerGroup", producerGroup)
        .put("consumerGroup", consumerGroup);
  }

  @Override
  public @Nullable String groupName() {
    return consumerGroup == null ? producerGroup : consumerGroup;
  }

  @Override
  public void nameTo(Names names) {
    if (producerGroup != null) {
      names.group(producerGroup);
    }
  }
}
