package io.escrowmq.broker.send;

import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.UniqueIds;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Makes a message's final bytes, with what this broker adds to its properties: region, trace
 * switch, cluster, and a unique key when the sender gave none. Any event loop.
 */
public final class MessageForge {

  private static final String REGION_ENTRY_BEGIN = PropertyNames.REGION + '\u0001';
  private static final String UNIQUE_KEY_BEGIN = PropertyNames.UNIQUE_KEY + '\u0001';
  private static final String POP_RECEIPT_BEGIN = PropertyNames.POP_RECEIPT + '\u0001';

  private final InetSocketAddress storeHost;
  private final UniqueIds uniqueIds;
  private final String added;

  public MessageForge(InetSocketAddress storeHost, String cluster, UniqueIds uniqueIds) {
    this.storeHost = storeHost;
    this.uniqueIds = uniqueIds;
    String region =
        Properties.appended("", PropertyNames.REGION, SendResponseHeader.DEFAULT_REGION);
    String trace = Properties.appended(region, PropertyNames.TRACE_ON, "true");
    this.added = Properties.appended(trace, PropertyNames.CLUSTER, cluster);
  }

  /** The sender's properties and ours. */
  public String complete(String properties) {
    String complete = properties;
    if (complete.contains(POP_RECEIPT_BEGIN)) {
      complete = Properties.without(complete, PropertyNames.POP_RECEIPT);
    }
    if (!complete.contains(UNIQUE_KEY_BEGIN)) {
      complete = Properties.appended(complete, PropertyNames.UNIQUE_KEY, uniqueIds.next());
    }
    if (complete.contains(REGION_ENTRY_BEGIN)) {
      return complete; // it has been here before
    }
    boolean isEnded = complete.charAt(complete.length() - 1) == '\u0002';
    return isEnded ? complete + added : complete + '\u0002' + added;
  }

  /** Encodes; the properties are taken as they are. */
  public byte[] encode(
      String topic,
      int queueId,
      int flag,
      int sysFlag,
      long bornTimestamp,
      InetSocketAddress bornHost,
      int reconsumeTimes,
      ByteBuffer body,
      String properties) {
    return MessageCodec.encode(new NewMessage(
        topic,
        queueId,
        flag,
        sysFlag,
        bornTimestamp,
        bornHost,
        storeHost,
        reconsumeTimes,
        0,
        body,
        properties));
  }
}
