package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** VIEW_MESSAGE_BY_ID: the message at this position of the log. */
public record ViewMessageHeader(long position, @Nullable String topic)
    implements WireHeader, OfNames {

  public static final HeaderReader<ViewMessageHeader> FIELDS =
      fields -> new ViewMessageHeader(fields.requiredLong("offset"), fields.text("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("offset", position).put("topic", topic);
  }

  @Override
  public void nameTo(Names names) {
    if (topic != null) {
      names.topic(topic);
    }
  }
}
