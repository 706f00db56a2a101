package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.connected.Member;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.ConsumerStatus;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ConsumeDirectlyHeader;
import io.escrowmq.remoting.header.ConsumerRunningHeader;
import io.escrowmq.remoting.header.ConsumerStatusHeader;
import io.escrowmq.remoting.header.ForwardedHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Operators ask a consumer something; the broker, to which it is connected, passes it on. */
final class ForwardHandler {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PATIENCE_WITH_MANY = Duration.ofSeconds(5);

  private final ClientRegistry clients;
  private final MessageSource messages;
  private final String brokerName;

  ForwardHandler(ClientRegistry clients, MessageSource messages, String brokerName) {
    this.clients = clients;
    this.messages = messages;
    this.brokerName = brokerName;
  }

  /** GET_CONSUMER_RUNNING_INFO. */
  void runningInfo(Call call, ConsumerRunningHeader header) {
    Request request = new Request(
        RequestCode.GET_CONSUMER_RUNNING_INFO,
        ForwardedHeader.of(call.fields()),
        Body.of(call.bodyBytes()));
    forward(call, header.consumerGroup(), header.clientId(), request);
  }

  /** CONSUME_MESSAGE_DIRECTLY: the client gets the message with the question. */
  void consumeDirectly(Call call, ConsumeDirectlyHeader header, Rights rights) {
    MessageId id = header.messageId() == null ? null : MessageId.parse(header.messageId());
    byte[] message;
    try {
      message = id == null ? null : messages.at(id.position());
    } catch (StorageException e) {
      call.reply(RefusalPage.reply(MessageSource.unreadable(e)));
      return;
    }
    if (message == null) {
      call.reply(RefusalPage.reply(new Refusal.NoMessageOfId(header.messageId())));
      return;
    }
    String forbidden = rights.refusalOfTopic(MessageView.of(message).topic());
    if (forbidden != null) {
      call.reply(RefusalPage.reply(new Refusal.NotPermitted(forbidden)));
      return;
    }
    Request request = new Request(
        RequestCode.CONSUME_MESSAGE_DIRECTLY,
        ForwardedHeader.of(call.fields()).with("brokerName", brokerName),
        Body.of(message));
    forward(call, header.consumerGroup(), header.clientId(), request);
  }

  private void forward(Call call, String group, @Nullable String clientId, Request request) {
    ConsumerGroup online = clients.consumers(group);
    Member member = online == null || clientId == null ? null : online.member(clientId);
    if (member == null) {
      call.reply(RefusalPage.reply(new Refusal.NoClient(clientId, group)));
      return;
    }
    member
        .connection()
        .call(request, PATIENCE)
        .whenComplete((answer, failure) ->
            call.reply(failure == null ? passedOn(answer) : failed(clientId, failure)));
  }

  /** The bytes as they are: some clients write bodies that nobody but tools can read. */
  private static Reply passedOn(Answer answer) {
    ResponseCode code = ResponseCode.of(answer.code());
    if (code == null) {
      return RefusalPage.reply(new Refusal.OddAnswer(answer.code()));
    }
    return new Reply(code, answer.remark(), WireHeader.NONE, Body.of(answer.body()));
  }

  private static Reply failed(@Nullable String clientId, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean isLate =
        cause instanceof RemotingException e && e.reason() == RemotingException.Reason.TIMED_OUT;
    return RefusalPage.reply(
        isLate
            ? new Refusal.ClientLate(clientId, PATIENCE.toSeconds())
            : new Refusal.ClientNotAsked(clientId, String.valueOf(cause)));
  }

  /** INVOKE_BROKER_TO_GET_CONSUMER_STATUS: asks one client or all; who does not answer is left out. */
  void status(Call call, ConsumerStatusHeader header) {
    List<Member> asked = asked(header);
    if (asked.isEmpty()) {
      call.reply(RefusalPage.reply(new Refusal.NoMembers(header.group())));
      return;
    }
    Request request = Request.of(
        RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT,
        new ConsumerStatusHeader(header.topic(), header.group(), null));
    Map<String, Map<MessageQueue, Long>> told = new ConcurrentSkipListMap<>();
    AtomicInteger missing = new AtomicInteger(asked.size());
    for (Member member : asked) {
      member.connection().call(request, PATIENCE_WITH_MANY).whenComplete((answer, failure) -> {
        if (failure == null) {
          note(member, answer, told);
        }
        if (missing.decrementAndGet() == 0) {
          call.reply(Reply.ok(new ConsumerStatus(Map.of(), told).toBytes()));
        }
      });
    }
  }

  private List<Member> asked(ConsumerStatusHeader header) {
    ConsumerGroup online = clients.consumers(header.group());
    if (online == null) {
      return List.of();
    }
    String clientId = header.clientId();
    return online.members().values().stream()
        .filter(member ->
            clientId == null || clientId.isBlank() || member.clientId().equals(clientId))
        .toList();
  }

  private static void note(
      Member member, Answer answer, Map<String, Map<MessageQueue, Long>> told) {
    if (answer.isOk()) {
      try {
        told.put(member.clientId(), ConsumerStatus.read(answer.body()).queues());
      } catch (BadBodyException e) {
        told.put(member.clientId(), Map.of()); // connected, but not to be understood
      }
    }
  }
}
