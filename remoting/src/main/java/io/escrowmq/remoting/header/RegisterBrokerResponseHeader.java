package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** What a slave must know about its master. */
public record RegisterBrokerResponseHeader(
    @Nullable String haAddress, @Nullable String masterAddress) implements WireHeader {

  public static final HeaderReader<RegisterBrokerResponseHeader> FIELDS = fields ->
      new RegisterBrokerResponseHeader(fields.text("haServerAddr"), fields.text("masterAddr"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("haServerAddr", haAddress).put("masterAddr", masterAddress);
  }
}
