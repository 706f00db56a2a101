package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.nio.charset.StandardCharsets;

/**
 * The properties that a message goes over the network with, in the form of {@link Properties}: its
 * unique key, then the rest. Immutable.
 */
final class SentProperties {

  private static final String ID_BEGIN = PropertyNames.UNIQUE_KEY + "\u0001";
  private static final String ID_END = "\u0002";
  private static final String ID_END_AND_ONCE =
      ID_END + PropertyNames.ESCROW_ONCE + "\u0001true\u0002";
  private static final byte[] ID_BEGIN_BYTES = ID_BEGIN.getBytes(StandardCharsets.US_ASCII);

  private final String messageId;
  private final byte[] rest; // behind the unique key, in UTF-8

  /**
   * The properties of a message in a batch.
   *
   * @param messageId becomes the message's unique key, by which it is recognized everywhere; ASCII
   * @param once whether that key names one send and no other
   * @throws MessageRefusedException when they take more than a message has room for
   */
  SentProperties(Message message, String messageId, boolean once) {
    this.messageId = messageId;
    this.rest = rest(message, once).getBytes(StandardCharsets.UTF_8);
    check(message, byteLength());
  }

  int byteLength() {
    return ID_BEGIN_BYTES.length + messageId.length() + rest.length;
  }

  /** Writes their {@link #byteLength} bytes. */
  @SuppressWarnings("deprecation") // of ASCII it copies the bytes, without an array in between
  void writeTo(byte[] target, int at) {
    int idAt = at + ID_BEGIN_BYTES.length;
    int restAt = idAt + messageId.length();
    System.arraycopy(ID_BEGIN_BYTES, 0, target, at, ID_BEGIN_BYTES.length);
    messageId.getBytes(0, messageId.length(), target, idAt);
    System.arraycopy(rest, 0, target, restAt, rest.length);
  }

  /**
   * The property string of a message that goes alone; its unique key names one send and no other.
   *
   * @param more properties of the system's own, which come last; "" for none
   * @throws MessageRefusedException when they take more than a message has room for
   */
  static String text(Message message, String messageId, String more) {
    String text = ID_BEGIN + messageId + rest(message, true) + more;
    if (text.length() > Properties.MAX_BYTES / 4) { // less cannot be too much
      check(message, Properties.byteLength(text));
    }
    return text;
  }

  private static String rest(Message message, boolean once) {
    String own = message.properties().isEmpty() ? "" : Properties.format(message.properties());
    return (once ? ID_END_AND_ONCE : ID_END).concat(own);
  }

  private static void check(Message message, int bytes) {
    if (bytes > Properties.MAX_BYTES) {
      throw new MessageRefusedException(
          "the properties of a " + message + " take " + bytes + " bytes, at most "
              + Properties.MAX_BYTES + " are possible; put more into the body",
          null,
          null);
    }
  }
}
