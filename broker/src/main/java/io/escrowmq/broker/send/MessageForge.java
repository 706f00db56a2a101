package io.escrowmq.broker.send;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Surroundings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes a message's final bytes, with what this broker adds to its properties: region, trace
 * switch, cluster, and a unique key when the sender gave none. Any event loop.
 */
public final class MessageForge {

  private static final char NAME_END = '\u0001';
  private static final char ENTRY_END = '\u0002';
  private static final int KEY_BYTES = 64; // of a unique key that is added
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

  /**
   * For a broker that makes ids by its address, its process and its clock.
   *
   * @param storeHost the address that clients are told
   */
  public static MessageForge of(
      BrokerIdentity identity, InetSocketAddress storeHost, Surroundings surroundings) {
    return new MessageForge(
        storeHost,
        identity.cluster(),
        new UniqueIds(
            storeHost.getAddress(),
            ProcessHandle.current().pid(),
            (int) surroundings.chance().next(),
            surroundings.clock()));
  }

  /**
   * The sender's properties and ours.
   *
   * @param visible without those that pass, see {@link PassingProperties}
   */
  public String complete(String visible) {
    StringBuilder complete =
        new StringBuilder(visible.length() + added.length() + KEY_BYTES).append(visible);
    if (!visible.isEmpty() && visible.charAt(visible.length() - 1) != ENTRY_END) {
      complete.append(ENTRY_END);
    }
    if (!Properties.has(visible, PropertyNames.UNIQUE_KEY)) {
      complete
          .append(PropertyNames.UNIQUE_KEY)
          .append(NAME_END)
          .append(uniqueIds.next())
          .append(ENTRY_END);
    }
    return complete.append(added).toString();
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
      SentBatch batch,
      long mostBytes) {
    MessageTemplate shared = new MessageTemplate(
        topic, queueId, sysFlag, bornTimestamp, bornHost, storeHost, reconsumeTimes);
    BatchItem[] whole = new BatchItem[batch.count()];
    byte[][] more = new byte[whole.length][];
    long length = 0;
    for (int i = 0; i < whole.length; i++) {
      BatchItem item = batch.item(i);
      boolean usual = batch.lacksOursOnly(i);
      whole[i] = usual ? item : item.with(complete(item.propertyString()));
      more[i] = usual ? addedBytes : NOTHING;
      PropertyRoom.check(whole[i].properties().remaining() + more[i].length);
      length += shared.length(whole[i], more[i]);
    }
    if (length > mostBytes) {
      throw new BadMessageException("the " + whole.length + " messages of the batch take " + length
          + " bytes as they are stored, at most " + mostBytes + " are allowed; send fewer at once");
    }
    byte[] bytes = spare.take((int) length);
    int[] ends = new int[whole.length];
    int end = 0;
    for (int i = 0; i < whole.length; i++) {
      end = shared.write(whole[i], more[i], bytes, end);
      ends[i] = end;
    }
    return new EncodedMessages(spare, bytes, ends);
  }
}
