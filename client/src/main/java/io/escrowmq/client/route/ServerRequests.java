package io.escrowmq.client.route;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.ResetOffsets;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brokers ask of this client over its own connections, handed to whoever belongs to the group.
 * Listeners are called on a network thread: they must be quick.
 */
public final class ServerRequests {

  private static final Logger LOG = LoggerFactory.getLogger(ServerRequests.class);

  /** Is told about one consumer group. */
  public interface GroupListener {

    /** Members came or went: queues are to be shared out again. */
    void membersChanged();

    /** An operator has moved the group: these queues are to be consumed from there. */
    void offsetsReset(Map<MessageQueue, Long> offsets);
  }

  /** Is asked how a transaction of one producer group ended. */
  public interface CheckListener {

    /**
     * A broker wants to know; it is told later, by a request.
     *
     * @param broker the address "host:port" that asks and wants the answer
     * @param half the half-message, as it is stored
     */
    void asked(String broker, CheckTransactionHeader header, byte[] half);
  }

  private final Map<String, GroupListener> groups = new ConcurrentHashMap<>();
  private final Map<String, CheckListener> checks = new ConcurrentHashMap<>();

  /** What the network hands in here. */
  public RequestTable table() {
    return RequestTable.of(
        RequestTable.on(
            RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
            ConsumerGroupHeader.FIELDS,
            Permission.CONNECT,
            this::membersChanged),
        RequestTable.on(
            RequestCode.RESET_CONSUMER_CLIENT_OFFSET,
            ResetOffsetHeader.FIELDS,
            Permission.CONNECT,
            this::offsetsReset),
        RequestTable.on(
            RequestCode.CHECK_TRANSACTION_STATE,
            CheckTransactionHeader.FIELDS,
            Permission.CONNECT,
            this::check));
  }

  public void listen(String consumerGroup, GroupListener listener) {
    groups.put(consumerGroup, listener);
  }

  public void forget(String consumerGroup) {
    groups.remove(consumerGroup);
  }

  /**
   * Questions about transactions of this producer group go to this listener from now on.
   *
   * @throws IllegalStateException when they go to another one already
   */
  public void listen(String producerGroup, CheckListener listener) {
    if (checks.putIfAbsent(producerGroup, listener) != null) {
      throw new IllegalStateException("this client answers for transactions of the group "
          + producerGroup + " already; close the other, or choose another group");
    }
  }

  public void forgetChecks(String producerGroup) {
    checks.remove(producerGroup);
  }

  private void membersChanged(Call call, ConsumerGroupHeader header) {
    GroupListener listener = groups.get(header.consumerGroup());
    if (listener != null) {
      listener.membersChanged();
    }
  }

  private void offsetsReset(Call call, ResetOffsetHeader header) {
    GroupListener listener = groups.get(header.group());
    if (listener != null) {
      listener.offsetsReset(ResetOffsets.read(call.bodyBytes()).offsets());
    }
  }

  private void check(Call call, CheckTransactionHeader header) {
    byte[] half = call.bodyBytes();
    String group = MessageView.of(half).property(PropertyNames.PRODUCER_GROUP);
    CheckListener listener = group == null ? null : checks.get(group);
    if (listener == null) {
      LOG.debug("no producer of {} here, who could tell about {}", group, header.messageId());
      return;
    }
    InetSocketAddress from = call.connection().remoteAddress();
    listener.asked(from.getAddress().getHostAddress() + ":" + from.getPort(), header, half);
  }
}
