package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** RESUME_CHECK_HALF_MESSAGE. */
public record ResumeCheckHeader(
    @Nullable String topic, @Nullable String messageId) implements WireHeader, OfNames {

  public static final HeaderReader<ResumeCheckHeader> FIELDS =
      fields -> new ResumeCheckHeader(fields.text("topic"), fields.text("msgId"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("msgId", messageId);
  }

  @Override
  public void nameTo(Names names) {
    if (topic != null) {
      names.topic(topic);
    }
  }
}
