package io.escrowmq.broker.connected;

import io.escrowmq.broker.connected.Registration.News;
import io.escrowmq.broker.connected.Registration.NoNews;
import io.escrowmq.broker.connected.Registration.NoRoom;
import io.escrowmq.broker.connected.Registration.Notice;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.remoting.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected: producers by group, consumers by group, and what each consumer group wants.
 *
 * <p>Owner: the thread that holds the lock of this object; writes are a heartbeat per client and half a
 * minute. Readers see immutable images and take no lock. A client is known by its connection, so
 * that two that share an id by mistake are both told of changes.
 */
public final class ClientRegistry {

  /** A client that was not heard of for this long is gone. */
  public static final long SILENT_MILLIS = 120_000;

  private static final int MOST_MEMBERS = 10_000; // of one group; more are refused
  private static final int MOST_IDS = 16; // of one connection; a client has one
  private static final int MOST_GROUPS = 4_000; // of one connection; more are refused

  private static final int PART_OF_HEAP = 8;
  private static final long MEMBER_BYTES = 400; // of one client in one group, its texts included

  private final MemoryShare memory; // what members and subscriptions take
  private final Map<String, ConsumerGroup> consumers = new ConcurrentHashMap<>();
  private final ProducerGroups producers = new ProducerGroups();
  private final Map<Connection, Groups> groupsOf = new HashMap<>(); // under the lock
  private final Map<String, GroupWishes> wishes = new HashMap<>(); // under the lock
  private final ClientEvents events = new ClientEvents();

  /**
   * @param heap of which what clients say of themselves may take an eighth; a client that comes when it is
   *     full is refused, and those that are here stay
   */
  public ClientRegistry(HeapBudget heap) {
    this(heap.share("members and subscriptions of clients", PART_OF_HEAP));
  }

  ClientRegistry(MemoryShare memory) {
    this.memory = memory;
  }

  /** What one connection is a member of. */
  private record Groups(Set<String> producing, Set<String> consuming, Set<String> clientIds) {
    int size() {
      return producing.size() + consuming.size();
    }
  }

  /** What happens to them. */
  public ClientEvents events() {
    return events;
  }

  // Questions: any thread

  /** The group, or null when none of its members is online. */
  public @Nullable ConsumerGroup consumers(String group) {
    return consumers.get(group);
  }

  /** Whether each member of the group that is online gets every message and keeps its own offsets. */
  public boolean isBroadcasting(String group) {
    ConsumerGroup online = consumers.get(group);
    return online != null && online.profile().isBroadcasting();
  }

  /** What the group wants of the topic; null when it is not online or has not subscribed to it. */
  public @Nullable Subscription subscription(String group, String topic) {
    ConsumerGroup online = consumers.get(group);
    return online == null ? null : online.subscriptions().get(topic);
  }

  /** The producers of the group that are online, in no order. */
  public List<Member> producers(String group) {
    return producers.of(group);
  }

  /**
   * The connection over which a client of this id sends heartbeats for a producer group, the newest
   * if there are several; null when there is none.
   */
  public @Nullable Connection producerConnection(String clientId) {
    return producers.connection(clientId);
  }

  /** The producer of the group that is connected so; null when it has not said that it is one. */
  public @Nullable Member producer(String group, Connection connection) {
    return producers.find(group, connection);
  }

  public boolean hasProducers(String group) {
    return producers.has(group);
  }

  public Set<String> producerGroups() {
    return producers.names();
  }

  public Set<String> consumerGroups() {
    return new TreeSet<>(consumers.keySet());
  }

  /** The groups that are online and subscribed to the topic. */
  public Set<String> groupsOn(String topic) {
    Set<String> groups = new TreeSet<>();
    for (ConsumerGroup group : consumers.values()) {
      if (group.subscriptions().containsKey(topic)) {
        groups.add(group.name());
      }
    }
    return groups;
  }

  // Changes

  /** A client says that it produces for the group. */
  public synchronized Registration registerProducer(String group, Member member) {
    Member known = producers.find(group, member.connection());
    if (known != null && known.clientId().equals(member.clientId())) {
      known.seen(member.seenTick());
      if (groupsOf(member.connection()).clientIds().contains(member.clientId())) {
        producers.connectIfNone(member.clientId(), member.connection());
      }
      events.producerIsHere(group);
      return new NoNews();
    }
    String refusal = refusal(group, producers.size(group), member.connection());
    if (refusal == null && known == null) {
      refusal = hold(MEMBER_BYTES);
    }
    if (refusal != null) {
      return new NoRoom(refusal);
    }
    producers.add(group, member);
    Groups groups = groupsOf(member.connection());
    groups.producing().add(group);
    if (groups.clientIds().size() < MOST_IDS && groups.clientIds().add(member.clientId())) {
      producers.connect(member.clientId(), member.connection());
    }
    events.producerCame(group);
    return new NoNews();
  }

  /**
   * A client says that it consumes for the group, how, and what.
   *
   * @param subscriptions all of the group's; null when the client leaves them out as unchanged
   */
  public synchronized Registration registerConsumer(
      String group,
      ConsumerProfile profile,
      @Nullable Collection<Subscription> subscriptions,
      Member member) {
    ConsumerGroup before = consumers.get(group);
    Map<Connection, Member> members = before == null ? Map.of() : before.members();
    Member known = members.get(member.connection());
    boolean joins = known == null || !known.clientId().equals(member.clientId());
    Map<String, Subscription> old = before == null ? Map.of() : before.subscriptions();
    GroupWishes said = wishes.get(group);
    GroupWishes heard = said == null ? new GroupWishes() : said.copy();
    if (subscriptions != null) {
      heard.hear(member.connection(), subscriptions);
    }
    Map<String, Subscription> wanted = heard.inForce();
    long more = heard.heldBytes()
        - (said == null ? 0 : said.heldBytes())
        + (known == null ? MEMBER_BYTES : 0);
    if (joins) {
      String refusal = refusal(group, members.size(), member.connection());
      if (refusal != null) {
        return new NoRoom(refusal);
      }
    }
    String full = hold(more);
    if (full != null) {
      return new NoRoom(full);
    }
    wishes.put(group, heard);
    if (joins) {
      Map<Connection, Member> all = new LinkedHashMap<>(members);
      all.put(member.connection(), member);
      members = Collections.unmodifiableMap(all);
      groupsOf(member.connection()).consuming().add(group);
    } else if (known != null) {
      known.seen(member.seenTick());
    }
    ConsumerGroup after = new ConsumerGroup(group, profile, members, wanted);
    if (!after.equals(before)) {
      consumers.put(group, after);
    }
    return joins || !wantSame(old, wanted) ? new News(notice(after)) : new NoNews();
  }

  /** A client leaves the named groups. */
  public synchronized List<Notice> unregister(
      Connection connection, @Nullable String producerGroup, @Nullable String consumerGroup) {
    if (producerGroup != null) {
      removeProducer(connection, producerGroup);
    }
    List<Notice> notices = new ArrayList<>(1);
    if (consumerGroup != null) {
      removeConsumer(connection, consumerGroup, notices);
    }
    return notices;
  }

  /**
   * Has its client leave all groups when the connection closes. A connection outlives the core that met
   * its client: what it runs then keeps none, and whoever listens by then tells the others.
   */
  public void leavesWhenClosed(Connection connection) {
    connection.onClose(() -> events.left(closed(connection)));
  }

  /** The connection is closed: its client leaves all groups. */
  public synchronized List<Notice> closed(Connection connection) {
    List<Notice> notices = new ArrayList<>();
    Groups groups = groupsOf.remove(connection);
    if (groups != null) {
      forgetIds(connection, groups);
      List.copyOf(groups.producing()).forEach(group -> removeProducer(connection, group));
      List.copyOf(groups.consuming()).forEach(group -> removeConsumer(connection, group, notices));
    }
    return notices;
  }

  /** Drops who was not heard of for {@link #SILENT_MILLIS}. */
  public synchronized List<Notice> dropSilent(long tick) {
    long before = tick - SILENT_MILLIS;
    producers.silentSince(before, (group, silent) -> removeProducer(silent.connection(), group));
    List<Notice> notices = new ArrayList<>();
    for (ConsumerGroup group : consumers.values()) {
      for (Member silent : silent(group.members().values(), before)) {
        removeConsumer(silent.connection(), group.name(), notices);
      }
    }
    return notices;
  }

  private static List<Member> silent(Collection<Member> members, long before) {
    return members.stream().filter(member -> member.seenTick() < before).toList();
  }

  /**
   * True for the first who brings a connection here: it is theirs to call {@link #closed} when it
   * closes.
   */
  public synchronized boolean meet(Connection connection) {
    boolean isNew = !groupsOf.containsKey(connection);
    groupsOf(connection);
    return isNew;
  }

  /** Whether the client on this connection has said which groups it is in; it may be in none now. */
  public synchronized boolean knows(Connection connection) {
    return groupsOf.containsKey(connection);
  }

  private @Nullable String refusal(String group, int members, Connection connection) {
    if (members >= MOST_MEMBERS) {
      return "the group " + group + " has " + members + " clients on this broker, at most "
          + MOST_MEMBERS + " are allowed";
    }
    Groups groups = groupsOf.get(connection);
    if (groups != null && groups.size() >= MOST_GROUPS) {
      return "this client is in " + groups.size() + " groups, at most " + MOST_GROUPS
          + " are allowed on one connection";
    }
    return null;
  }

  /** What members and subscriptions take, about. */
  long heldBytes() {
    return memory.used();
  }

  /** Counts so many bytes more, or says why not. */
  private @Nullable String hold(long more) {
    if (!memory.hasRoom(more)) {
      return memory.refusal(more);
    }
    memory.add(more);
    return null;
  }

  private Groups groupsOf(Connection connection) {
    return groupsOf.computeIfAbsent(
        connection, key -> new Groups(new HashSet<>(), new HashSet<>(), new HashSet<>(2)));
  }

  private void removeProducer(Connection connection, String group) {
    if (producers.remove(group, connection)) {
      memory.add(-MEMBER_BYTES);
    }
    Groups groups = groupsOf.get(connection);
    if (groups != null) {
      groups.producing().remove(group);
      if (groups.producing().isEmpty()) {
        forgetIds(connection, groups);
      }
    }
  }

  private void forgetIds(Connection connection, Groups groups) {
    groups.clientIds().forEach(id -> producers.disconnect(id, connection));
    groups.clientIds().clear();
  }

  private void removeConsumer(Connection connection, String group, List<Notice> notices) {
    Groups groups = groupsOf.get(connection);
    if (groups != null) {
      groups.consuming().remove(group);
    }
    ConsumerGroup before = consumers.get(group);
    if (before == null || !before.members().containsKey(connection)) {
      return;
    }
    Map<Connection, Member> fewer = new LinkedHashMap<>(before.members());
    fewer.remove(connection);
    memory.add(-MEMBER_BYTES);
    if (fewer.isEmpty()) {
      consumers.remove(group);
      GroupWishes gone = wishes.remove(group);
      memory.add(gone == null ? 0 : -gone.heldBytes());
      return;
    }
    Map<String, Subscription> wanted = before.subscriptions();
    GroupWishes left = wishes.get(group);
    if (left != null) {
      memory.add(-left.heldBytes());
      left.leave(connection);
      memory.add(left.heldBytes());
      wanted = left.inForce();
    }
    ConsumerGroup after =
        new ConsumerGroup(group, before.profile(), Collections.unmodifiableMap(fewer), wanted);
    consumers.put(group, after);
    notices.add(notice(after));
  }

  private static Notice notice(ConsumerGroup group) {
    return new Notice(group.name(), List.copyOf(group.members().keySet()));
  }

  private static boolean wantSame(Map<String, Subscription> one, Map<String, Subscription> other) {
    if (one == other) {
      return true;
    }
    if (!one.keySet().equals(other.keySet())) {
      return false;
    }
    for (Map.Entry<String, Subscription> entry : one.entrySet()) {
      Subscription counterpart = other.get(entry.getKey());
      if (counterpart == null || !entry.getValue().wantsSameAs(counterpart)) {
        return false;
      }
    }
    return true;
  }
}
