package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.connected.ConsumerProfile;
import io.escrowmq.broker.connected.Member;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.connected.Registration;
import io.escrowmq.broker.connected.Registration.Changed;
import io.escrowmq.broker.connected.Registration.NoRoom;
import io.escrowmq.broker.connected.Registration.Notice;
import io.escrowmq.broker.connected.Registration.Unchanged;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.CheckClient;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.HeartbeatResponseHeader;
import io.escrowmq.remoting.header.UnregisterClientHeader;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clients say that they live and what they want, leave, and ask for one another. Any event loop. */
final class ClientHandler {

  private static final int MOST_SUBSCRIPTIONS = 10_000; // of one group in one heartbeat
  private static final int LONGEST_NAME = 255; // of client ids and groups
  private static final int LONGEST_WORD = 64; // such as CONSUME_FROM_LAST_OFFSET

  private final ClientRegistry clients;
  private final GroupCreation groups;
  private final MemberNotices notices;
  private final TopicChanges topicChanges;
  private final QueueLocks locks;
  private final LogLoop loop;
  private final Ticker ticker;

  ClientHandler(
      ClientRegistry clients,
      GroupCreation groups,
      MemberNotices notices,
      TopicChanges topicChanges,
      QueueLocks locks,
      LogLoop loop,
      Ticker ticker) {
    this.clients = clients;
    this.groups = groups;
    this.notices = notices;
    this.topicChanges = topicChanges;
    this.locks = locks;
    this.loop = loop;
    this.ticker = ticker;
  }

  /**
   * HEART_BEAT. Answered when the groups it names exist, so that the pulls that follow find them.
   *
   * <p>We never say that we understand the shorter form of heartbeats: clients then always send all
   * they want, and a broker that was restarted needs to ask nobody.
   */
  void heartbeat(Call call, Heartbeat heartbeat) {
    String refusal = refusal(heartbeat);
    if (refusal != null) {
      call.reply(Reply.refused(ResponseCode.INVALID_PARAMETER, refusal));
      return;
    }
    register(call, heartbeat, subscriptions(heartbeat));
  }

  private void register(
      Call call, Heartbeat heartbeat, Map<Heartbeat.ConsumerEntry, List<Subscription>> wanted) {
    Connection connection = call.connection();
    boolean isNew = clients.meet(connection);
    List<Registration> results = new ArrayList<>();
    for (String group : heartbeat.producerGroups()) {
      results.add(clients.registerProducer(group, member(call, heartbeat)));
    }
    wanted.forEach((entry, subscriptions) -> {
      ConsumerProfile profile =
          new ConsumerProfile(entry.consumeType(), entry.messageModel(), entry.consumeFromWhere());
      locks.returns(entry.group(), heartbeat.clientId());
      boolean leftOut = heartbeat.withoutSubscriptions() && subscriptions.isEmpty();
      results.add(clients.registerConsumer(
          entry.group(), profile, leftOut ? null : subscriptions, member(call, heartbeat)));
    });
    if (isNew) {
      clients.leavesWhenClosed(connection);
    }
    answer(
        call,
        results,
        wanted.keySet().stream().map(Heartbeat.ConsumerEntry::group).toList());
  }

  private void answer(Call call, List<Registration> results, List<String> consumerGroups) {
    String refusal = null;
    boolean changed = false;
    for (Registration result : results) {
      if (result instanceof Changed change) {
        changed = true;
        notices.send(change.notice());
      } else if (result instanceof NoRoom refused) {
        refusal = refused.reason();
      } else if (!(result instanceof Unchanged)) {
        throw new IllegalStateException("unknown registration " + result);
      }
    }
    Reply reply = refusal == null
        ? Reply.ok(new HeartbeatResponseHeader(false, changed))
        : Reply.refused(ResponseCode.SYSTEM_ERROR, refusal);
    List<String> incomplete =
        consumerGroups.stream().filter(group -> !groups.isComplete(group)).toList();
    if (incomplete.isEmpty()) {
      call.reply(reply);
      return;
    }
    new CallProposal(
            call,
            recorder -> {
              incomplete.forEach(group -> groups.complete(group, recorder));
              return reply;
            },
            topicChanges::changed)
        .offerTo(loop);
  }

  private Member member(Call call, Heartbeat heartbeat) {
    return new Member(
        heartbeat.clientId(), call.connection(), call.language(), call.version(), ticker.millis());
  }

  /**
   * What each group wants; groups that may not be created are left out, as if never named. What cannot
   * be read is no reason to refuse the heartbeat: the client may be in other groups as well. Pulls are
   * refused for it.
   */
  private Map<Heartbeat.ConsumerEntry, List<Subscription>> subscriptions(Heartbeat heartbeat) {
    Map<Heartbeat.ConsumerEntry, List<Subscription>> wanted = new LinkedHashMap<>();
    for (Heartbeat.ConsumerEntry entry : heartbeat.consumers()) {
      if (groups.find(entry.group()) == null) {
        continue;
      }
      List<Subscription> subscriptions = new ArrayList<>(entry.subscriptions().size());
      for (SubscriptionEntry subscription : entry.subscriptions()) {
        subscriptions.add(parse(subscription));
      }
      wanted.put(entry, subscriptions);
    }
    return wanted;
  }

  private static Subscription parse(SubscriptionEntry entry) {
    return Subscription.parse(
        entry.topic(), entry.expression(), entry.expressionType(), entry.version());
  }

  private static @Nullable String refusal(Heartbeat heartbeat) {
    if (heartbeat.clientId().isBlank() || heartbeat.clientId().length() > LONGEST_NAME) {
      return "the client id has " + heartbeat.clientId().length() + " characters, 1 to "
          + LONGEST_NAME + " are allowed";
    }
    for (String group : heartbeat.producerGroups()) {
      if (group.length() > LONGEST_NAME) {
        return "a producer group's name has " + group.length() + " characters, at most "
            + LONGEST_NAME + " are allowed";
      }
    }
    for (Heartbeat.ConsumerEntry entry : heartbeat.consumers()) {
      if (entry.group().length() > LONGEST_NAME) {
        return "a consumer group's name has " + entry.group().length() + " characters, at most "
            + LONGEST_NAME + " are allowed";
      }
      for (String word :
          List.of(entry.consumeType(), entry.messageModel(), entry.consumeFromWhere())) {
        if (word.length() > LONGEST_WORD) {
          return "the group " + entry.group() + " says how it consumes in a word of "
              + word.length() + " characters, at most " + LONGEST_WORD + " are allowed";
        }
      }
      if (entry.subscriptions().size() > MOST_SUBSCRIPTIONS) {
        return "the group " + entry.group() + " names " + entry.subscriptions().size()
            + " subscriptions, at most " + MOST_SUBSCRIPTIONS + " are allowed";
      }
      for (SubscriptionEntry subscription : entry.subscriptions()) {
        if (subscription.topic().length() > TopicNames.MAX_DERIVED_LENGTH) {
          return "the group " + entry.group() + " subscribes to a topic whose name has "
              + subscription.topic().length() + " characters, at most "
              + TopicNames.MAX_DERIVED_LENGTH + " are allowed";
        }
      }
    }
    return null;
  }

  /** UNREGISTER_CLIENT. */
  void unregister(Call call, UnregisterClientHeader header) {
    String group = header.consumerGroup();
    if (header.clientId().length() > LONGEST_NAME
        || (group != null && group.length() > LONGEST_NAME)) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the client id has " + header.clientId().length() + " characters, its consumer group "
              + (group == null ? 0 : group.length()) + ", at most " + LONGEST_NAME
              + " are allowed"));
      return;
    }
    List<Notice> left =
        clients.unregister(call.connection(), header.producerGroup(), header.consumerGroup());
    if (header.consumerGroup() != null) {
      locks.leaves(header.consumerGroup(), header.clientId(), ticker.millis());
    }
    notices.send(left);
    call.reply(Reply.ok());
  }

  /** CHECK_CLIENT_CONFIG: a consumer asks before it starts whether we can filter as it wants. */
  void check(Call call, CheckClient question) {
    String trouble = parse(question.subscription()).trouble();
    call.reply(
        trouble == null
            ? Reply.ok()
            : Reply.refused(ResponseCode.SUBSCRIPTION_PARSE_FAILED, trouble));
  }

  /** GET_CONSUMER_LIST_BY_GROUP: with whom a member has to divide the queues. */
  void members(Call call, ConsumerGroupHeader header) {
    ConsumerGroup online = clients.consumers(header.consumerGroup());
    call.reply(
        online == null
            ? Reply.refused(
                ResponseCode.SYSTEM_ERROR,
                "no consumer of the group " + header.consumerGroup() + " is connected")
            : Reply.ok(new ConsumerIds(online.clientIds()).toBytes()));
  }
}
