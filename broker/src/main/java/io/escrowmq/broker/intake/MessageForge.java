package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.Surroundings;
import java.net.InetSocketAddress;
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

  /** The address that clients are told. */
  public InetSocketAddress storeHost() {
    return storeHost;
  }

  /**
   * Encodes messages that are stored in a row.
   *
   * @param shared what does not differ among them
   * @param lacksOursOnly which of them need nothing but what this broker adds; the others are {@link
   *     #complete}d
   * @throws RefusedException when they take more bytes than this, or one leaves no room in its properties
   */
  public EncodedMessages encode(
      MessageTemplate shared, BatchItem[] items, boolean[] lacksOursOnly, long mostBytes) {
    BatchItem[] whole = new BatchItem[items.length];
    byte[][] more = new byte[whole.length][];
    long length = 0;
    for (int i = 0; i < whole.length; i++) {
      BatchItem item = items[i];
      boolean usual = lacksOursOnly[i];
      whole[i] = usual ? item : item.with(complete(item.propertyString()));
      more[i] = usual ? addedBytes : NOTHING;
      PropertyRoom.check(whole[i].properties().remaining() + more[i].length);
      length += shared.length(whole[i], more[i]);
    }
    if (length > mostBytes) {
      throw new RefusedException(new Refusal.BatchTooLarge(whole.length, length, mostBytes));
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
