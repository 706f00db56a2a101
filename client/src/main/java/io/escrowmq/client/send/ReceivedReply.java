package io.escrowmq.client.send;

import io.escrowmq.client.Reply;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reply as a broker has brought it. Immutable. */
final class ReceivedReply implements Reply {

  private final Map<String, String> properties;
  private final byte[] body;
  private final long bornMillis;

  ReceivedReply(PushReplyHeader header, byte[] body) {
    this.properties = Properties.parse(header.sent().properties());
    this.body = Compressor.expand(header.sent().sysFlag(), body);
    this.bornMillis = header.sent().bornTimestamp();
  }

  @Override
  public String messageId() {
    return properties.getOrDefault(PropertyNames.UNIQUE_KEY, "");
  }

  @Override
  public @Nullable String property(String name) {
    return properties.get(name);
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public Instant sentAt() {
    return Instant.ofEpochMilli(bornMillis);
  }

  @Override
  public String toString() {
    return "reply of " + body.length + " bytes";
  }
}
