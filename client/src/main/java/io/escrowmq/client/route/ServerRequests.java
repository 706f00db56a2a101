package io.escrowmq.client.route;

import io.escrowmq.client.core.Failures;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.ConsumerState;
import io.escrowmq.remoting.body.ConsumerStatus;
import io.escrowmq.remoting.body.HandledDirectly;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.ResetOffsets;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.ConsumeDirectlyHeader;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.ConsumerRunningHeader;
import io.escrowmq.remoting.header.ConsumerStatusHeader;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brokers ask of this client over its own connections, handed to the member of the group.
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

  /** Is asked about one consumer group's consumer in this client, for operators. */
  public interface InspectionSource {

    /** How far it is with those queues of the topic that it has. */
    Map<MessageQueue, Long> progress(String topic);

    /** All that there is to tell. */
    ConsumerState running(boolean withStacks);

    /**
     * Handles this message now, whatever became of it before; ends with what came of it, or fails when
     * nothing handles it.
     *
     * @param message as it is stored
     */
    CompletionStage<HandledDirectly> handle(String brokerName, byte[] message);
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

  /** Is told about replies to requests of this client. */
  public interface ReplyListener {

    /** A broker brings a reply; it is dropped if no request waits for it. */
    void replied(PushReplyHeader header, byte[] body);
  }

  private final Map<String, GroupListener> groups = new ConcurrentHashMap<>();
  private final Map<String, InspectionSource> inspected =
      new ConcurrentHashMap<>(); // by consumer group
  private final Map<String, CheckListener> checks = new ConcurrentHashMap<>();

  private final ReplyListener replies;

  public ServerRequests(ReplyListener replies) {
    this.replies = replies;
  }

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
            RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT,
            ConsumerStatusHeader.FIELDS,
            Permission.CONNECT,
            this::progress),
        RequestTable.on(
            RequestCode.GET_CONSUMER_RUNNING_INFO,
            ConsumerRunningHeader.FIELDS,
            Permission.CONNECT,
            this::running),
        RequestTable.on(
            RequestCode.CONSUME_MESSAGE_DIRECTLY,
            ConsumeDirectlyHeader.FIELDS,
            Permission.CONNECT,
            this::handle),
        RequestTable.on(
            RequestCode.CHECK_TRANSACTION_STATE,
            CheckTransactionHeader.FIELDS,
            Permission.CONNECT,
            this::check),
        RequestTable.on(
            RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT,
            PushReplyHeader.FIELDS,
            Permission.CONNECT,
            this::reply));
  }

  public void listen(String consumerGroup, GroupListener listener, InspectionSource consumer) {
    groups.put(consumerGroup, listener);
    inspected.put(consumerGroup, consumer);
  }

  public void forget(String consumerGroup) {
    groups.remove(consumerGroup);
    inspected.remove(consumerGroup);
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

  private void progress(Call call, ConsumerStatusHeader header) {
    InspectionSource consumer = consumer(call, header.group());
    if (consumer != null) {
      call.reply(
          Reply.ok(new ConsumerStatus(consumer.progress(header.topic()), Map.of()).toBytes()));
    }
  }

  private void running(Call call, ConsumerRunningHeader header) {
    InspectionSource consumer = consumer(call, header.consumerGroup());
    if (consumer != null) {
      call.reply(Reply.ok(consumer.running(header.withStacks()).toBytes()));
    }
  }

  private void handle(Call call, ConsumeDirectlyHeader header) {
    InspectionSource consumer = consumer(call, header.consumerGroup());
    if (consumer == null) {
      return;
    }
    String brokerName = Objects.requireNonNullElse(header.brokerName(), "");
    consumer
        .handle(brokerName, call.bodyBytes())
        .whenComplete((handled, failure) -> call.reply(
            failure == null
                ? Reply.ok(handled.toBytes())
                : Reply.refused(
                    ResponseCode.SYSTEM_ERROR,
                    "the consumer of " + header.consumerGroup() + " does not handle it: "
                        + Failures.unwrapped(failure).getMessage())));
  }

  private void reply(Call call, PushReplyHeader header) {
    replies.replied(header, call.bodyBytes());
    call.reply(Reply.ok());
  }

  private @Nullable InspectionSource consumer(Call call, String group) {
    InspectionSource consumer = inspected.get(group);
    if (consumer == null) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR, "this client has no consumer in the group " + group));
    }
    return consumer;
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
