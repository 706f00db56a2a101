package io.escrowmq.broker.send;

import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyCursor;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes a message's final bytes, with what this broker adds to its properties: region, trace
 * switch, cluster, and a unique key when the sender gave none. Any event loop.
 */
public final class MessageForge {

  private static final String REGION_ENTRY_BEGIN = PropertyNames.REGION + '\u0001';
  private static final String UNIQUE_KEY_BEGIN = PropertyNames.UNIQUE_KEY + '\u0001';
  private static final String POP_RECEIPT_BEGIN = PropertyNames.POP_RECEIPT + '\u0001';

  private static final byte[] UNIQUE_KEY = PropertyCursor.name(PropertyNames.UNIQUE_KEY);
  private static final byte[] REGION = PropertyCursor.name(PropertyNames.REGION);
  private static final byte[] POP_RECEIPT = PropertyCursor.name(PropertyNames.POP_RECEIPT);
  private static final byte[] NOTHING = {};

  private final InetSocketAddress storeHost;
  private final UniqueIds uniqueIds;
  private final String added;
  private final byte[] addedBytes;
  private final SpareArrays spare = new SpareArrays();

  public MessageForge(InetSocketAddress storeHost, String cluster, UniqueIds uniqueIds) {
    this.storeHost = storeHost;
    this.uniqueIds = uniqueIds;
    String region =
        Properties.appended("", PropertyNames.REGION, SendResponseHeader.DEFAULT_REGION);
    String trace = Properties.appended(region, PropertyNames.TRACE_ON, "true");
    this.added = Properties.appended(trace, PropertyNames.CLUSTER, cluster);
    this.addedBytes = added.getBytes(StandardCharsets.UTF_8);
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

  /** Encodes a batch; each message's properties are {@link #complete}d. */
  EncodedMessages encode(
      String topic,
      int queueId,
      int sysFlag,
      long bornTimestamp,
      InetSocketAddress bornHost,
      int reconsumeTimes,
      List<BatchItem> items) {
    MessageTemplate shared = new MessageTemplate(
        topic, queueId, sysFlag, bornTimestamp, bornHost, storeHost, reconsumeTimes);
    BatchItem[] whole = new BatchItem[items.size()];
    byte[][] more = new byte[whole.length][];
    int length = 0;
    for (int i = 0; i < whole.length; i++) {
      BatchItem item = items.get(i);
      boolean usual = lacksOursOnly(item.properties());
      whole[i] = usual ? item : item.with(complete(item.propertyString()));
      more[i] = usual ? addedBytes : NOTHING;
      length = Math.addExact(length, shared.length(whole[i], more[i]));
    }
    byte[] bytes = spare.take(length);
    int[] ends = new int[whole.length];
    int end = 0;
    for (int i = 0; i < whole.length; i++) {
      end = shared.write(whole[i], more[i], bytes, end);
      ends[i] = end;
    }
    return new EncodedMessages(spare, bytes, ends);
  }

  // As those of messages are that come from a client: to complete them nothing but ours is
  // appended.
  private static boolean lacksOursOnly(ByteBuffer properties) {
    int length = properties.remaining();
    if (length == 0 || properties.get(properties.limit() - 1) != '\u0002') {
      return false;
    }
    boolean hasKey = false;
    PropertyCursor property = new PropertyCursor().over(properties, properties.position(), length);
    while (property.next()) {
      if (property.isNamed(REGION) || property.isNamed(POP_RECEIPT)) {
        return false;
      }
      hasKey |= property.isNamed(UNIQUE_KEY);
    }
    return hasKey;
  }
}
