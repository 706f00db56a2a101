package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.connected.ConsumerProfile;
import io.escrowmq.broker.connected.Member;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.connected.Registration;
import io.escrowmq.broker.connected.Registration.News;
import io.escrowmq.broker.connected.Registration.NoNews;
import io.escrowmq.broker.connected.Registration.NoRoom;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clients say that they live and what they want, and leave, whatever protocol they speak. Any thread. */
final class Members {

  private static final int MOST_SUBSCRIPTIONS = 10_000; // of one group in one heartbeat
  private static final int LONGEST_NAME = 255; // of client ids and groups
  private static final int LONGEST_WORD = 64; // such as CONSUME_FROM_LAST_OFFSET

  /** Who says it. */
  record Client(String id, Connection connection, String language, int version) {}

  /** What a consumer group wants, as one of its members says. */
  record ConsumerWish(
      String group, ConsumerProfile profile, List<SubscriptionEntry> subscriptions) {}

  /**
   * A client lives.
   *
   * @param withoutSubscriptions they were left out because they did not change
   */
  record Beat(
      Client client,
      List<String> producerGroups,
      List<ConsumerWish> consumers,
      boolean withoutSubscriptions) {}

  private final ClientRegistry clients;
  private final GroupCreation groups;
  private final MemberNotices notices;
  private final TopicChanges topicChanges;
  private final QueueLocks locks;
  private final LogLoop loop;
  private final Ticker ticker;

  Members(
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
   * Keeps what a client says of itself. The outcome is whether its groups have changed by it; it is told when
   * the groups that it names exist, so that the pulls that follow find them.
   */
  void beat(Beat beat, Change.Outcome<Boolean> outcome) {
    String illegal = refusal(beat);
    if (illegal != null) {
      outcome.refused(new Refusal.BadValue(illegal));
      return;
    }
    Map<ConsumerWish, List<Subscription>> wanted = subscriptions(beat);
    settle(
        register(beat, wanted),
        wanted.keySet().stream().map(ConsumerWish::group).toList(),
        outcome);
  }

  private List<Registration> register(Beat beat, Map<ConsumerWish, List<Subscription>> wanted) {
    Client client = beat.client();
    boolean isNew = clients.meet(client.connection());
    List<Registration> results = new ArrayList<>();
    for (String group : beat.producerGroups()) {
      results.add(clients.registerProducer(group, member(client)));
    }
    wanted.forEach((entry, subscriptions) -> {
      locks.returns(entry.group(), client.id());
      boolean leftOut = beat.withoutSubscriptions() && subscriptions.isEmpty();
      results.add(clients.registerConsumer(
          entry.group(), entry.profile(), leftOut ? null : subscriptions, member(client)));
    });
    if (isNew) {
      clients.leavesWhenClosed(client.connection());
    }
    return results;
  }

  private Member member(Client client) {
    return new Member(
        client.id(), client.connection(), client.language(), client.version(), ticker.millis());
  }

  private void settle(
      List<Registration> results, List<String> consumerGroups, Change.Outcome<Boolean> outcome) {
    String full = null;
    boolean changed = false;
    for (Registration result : results) {
      if (result instanceof News change) {
        changed = true;
        notices.send(change.notice());
      } else if (result instanceof NoRoom noRoom) {
        full = noRoom.reason();
      } else if (!(result instanceof NoNews)) {
        throw new IllegalStateException("unknown registration " + result);
      }
    }
    List<String> incomplete =
        consumerGroups.stream().filter(group -> !groups.isComplete(group)).toList();
    if (incomplete.isEmpty()) {
      tell(full, changed, outcome);
      return;
    }
    complete(incomplete, full, changed, outcome);
  }

  private static void tell(
      @Nullable String full, boolean changed, Change.Outcome<Boolean> outcome) {
    if (full == null) {
      outcome.done(changed);
    } else {
      outcome.refused(new Refusal.NotKept(full));
    }
  }

  private void complete(
      List<String> incomplete,
      @Nullable String full,
      boolean changed,
      Change.Outcome<Boolean> outcome) {
    Change.Outcome<Boolean> afterwards = new Change.Outcome<>() {

      @Override
      public void done(Boolean is) {
        tell(full, is, outcome);
      }

      @Override
      public void refused(Refusal why) {
        outcome.refused(why);
      }
    };
    new Change<>(
            recorder -> {
              incomplete.forEach(group -> groups.complete(group, recorder));
              return changed;
            },
            topicChanges::changed,
            afterwards)
        .offerTo(loop);
  }

  /**
   * What each group wants; groups that may not be created are left out, as if never named. What cannot
   * be read is no reason to refuse the heartbeat: the client may be in other groups as well. Pulls are
   * refused for it.
   */
  private Map<ConsumerWish, List<Subscription>> subscriptions(Beat beat) {
    Map<ConsumerWish, List<Subscription>> wanted = new LinkedHashMap<>();
    for (ConsumerWish entry : beat.consumers()) {
      if (groups.find(entry.group()) != null) {
        wanted.put(entry, entry.subscriptions().stream().map(Members::parse).toList());
      }
    }
    return wanted;
  }

  private static Subscription parse(SubscriptionEntry entry) {
    return Subscription.parse(
        entry.topic(), entry.expression(), entry.expressionType(), entry.version());
  }

  private static @Nullable String refusal(Beat beat) {
    if (beat.client().id().isBlank() || beat.client().id().length() > LONGEST_NAME) {
      return "the client id has " + beat.client().id().length() + " characters, 1 to "
          + LONGEST_NAME + " are allowed";
    }
    for (String group : beat.producerGroups()) {
      if (group.length() > LONGEST_NAME) {
        return "a producer group's name has " + group.length() + " characters, at most "
            + LONGEST_NAME + " are allowed";
      }
    }
    for (ConsumerWish entry : beat.consumers()) {
      if (entry.group().length() > LONGEST_NAME) {
        return "a consumer group's name has " + entry.group().length() + " characters, at most "
            + LONGEST_NAME + " are allowed";
      }
      ConsumerProfile profile = entry.profile();
      for (String word :
          List.of(profile.consumeType(), profile.messageModel(), profile.consumeFrom())) {
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

  /** A client leaves these groups. */
  void leave(
      String clientId,
      Connection connection,
      @Nullable String producerGroup,
      @Nullable String consumerGroup) {
    int groupLength = consumerGroup == null ? 0 : consumerGroup.length();
    if (clientId.length() > LONGEST_NAME || groupLength > LONGEST_NAME) {
      throw new RefusedException(new Refusal.BadValue(
          "the client id has " + clientId.length() + " characters, its consumer group "
              + groupLength + ", at most " + LONGEST_NAME + " are allowed"));
    }
    List<Registration.Notice> left = clients.unregister(connection, producerGroup, consumerGroup);
    if (consumerGroup != null) {
      locks.leaves(consumerGroup, clientId, ticker.millis());
    }
    notices.send(left);
  }

  /** A consumer asks before it starts whether it can be served as it wants. */
  void check(SubscriptionEntry wanted) {
    String trouble = parse(wanted).trouble();
    if (trouble != null) {
      throw new RefusedException(new Refusal.BadSubscription(trouble));
    }
  }

  /** With whom a member has to divide the queues. */
  List<String> ids(String group) {
    ConsumerGroup online = clients.consumers(group);
    if (online == null) {
      throw new RefusedException(new Refusal.NoMembers(group));
    }
    return online.clientIds();
  }
}
