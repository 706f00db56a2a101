package io.escrowmq.remoting.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of a batch body.
 *
 * @param body a read-only window on the batch body; valid as long as that is
 * @param properties the same, on the property string in UTF-8
 */
public record BatchItem(int flag, ByteBuffer body, ByteBuffer properties) {

  /** The properties as text, decoded each time. */
  public String propertyString() {
    return StandardCharsets.UTF_8.decode(properties.duplicate()).toString();
  }

  /** The same message with other properties. */
  public BatchItem with(String otherProperties) {
    return new BatchItem(
        flag, body, ByteBuffer.wrap(otherProperties.getBytes(StandardCharsets.UTF_8)));
  }
}
