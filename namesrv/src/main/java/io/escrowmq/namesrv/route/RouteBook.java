package io.escrowmq.namesrv.route;

import io.escrowmq.namesrv.route.BrokerLeases.Lease;
import io.escrowmq.remoting.body.DataVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brokers, their addresses and their topics. Pure: the caller brings the time. Owner: the route
 * loop; all other threads read {@link #image()}.
 *
 * <p>Soft state: nothing here survives a restart, brokers say everything again within 30 s. Facts
 * may not refuse, so the caller asks the question of the same name before it states one.
 */
public final class RouteBook {

  private static final long MASTER_ID = 0;

  private final RouteLimits limits;
  private final BrokerLeases leases = new BrokerLeases();

  // Both are replaced, never changed in place: images hold them.
  private SortedTree<TopicBrokers> topics = SortedTree.empty();
  private SortedMap<String, BrokerGroup> groups = new TreeMap<>();
  private Map<String, String> orderTopics = Map.of();

  // The other direction of `topics`: what is to be removed with a broker.
  private final Map<String, Set<String>> topicsOfBroker = new HashMap<>();
  private int entries; // the same topic of two brokers is two

  private RouteImage image = RouteImage.EMPTY;
  private boolean topicsChanged;
  private boolean surroundingsChanged;
  private RouteImage.Surroundings surroundings = new RouteImage.Surroundings(groups, orderTopics);

  public RouteBook(RouteLimits limits) {
    this.limits = limits;
  }

  // Questions

  /** The routes as they are now; the same object as long as nothing changed. */
  public RouteImage image() {
    if (surroundingsChanged) {
      surroundings = new RouteImage.Surroundings(groups, orderTopics);
    }
    if (topicsChanged || surroundingsChanged) {
      image = new RouteImage(topics, surroundings);
      topicsChanged = false;
      surroundingsChanged = false;
    }
    return image;
  }

  /** True when the broker said exactly this the last time, so that renewing its lease is enough. */
  public boolean isUnchanged(BrokerMember broker, long digest) {
    Lease lease = leases.find(broker.address());
    return lease != null && lease.broker().equals(broker) && lease.said(digest);
  }

  /** May this be registered? */
  public RegistrationRuling onRegistration(Registration registration) {
    BrokerMember broker = registration.broker();
    Lease occupant = occupantBesides(broker);
    if (occupant != null && occupant.stateVersion() > registration.version().stateVersion()) {
      return RegistrationRuling.SEAT_TAKEN;
    }
    boolean isNew = leases.find(broker.address()) == null && occupant == null;
    if (isNew && leases.size() >= limits.brokers()) {
      return RegistrationRuling.TOO_MANY_BROKERS;
    }
    return RegistrationRuling.ACCEPTED;
  }

  /**
   * As much of the registration as there is room for: topics that are known come before new ones, and
   * those in the order of their names, so that the same ones stay.
   */
  public Registration fitting(Registration registration) {
    return room(registration.broker().brokerName()).fitting(registration);
  }

  /** May this broker have these topics, too? */
  public RegistrationRuling onTopics(String brokerName, Set<String> names) {
    return room(brokerName).forMore(names);
  }

  private TopicRoom room(String brokerName) {
    Set<String> present = topicsOfBroker.getOrDefault(brokerName, Set.of());
    return new TopicRoom(limits, topics, entries, present);
  }

  /**
   * May this broker's topics be changed alone? Only when exactly the version is known that the
   * changes follow, and there is room; otherwise the broker has to tell all of them.
   */
  public boolean takesChanges(TopicChange change) {
    BrokerMember broker = change.broker();
    return change.since().equals(versionOf(broker))
        && onTopics(broker.brokerName(), change.topics().keySet()) == RegistrationRuling.ACCEPTED;
  }

  /** Who else holds this broker's name and id? */
  public @Nullable Occupant occupant(BrokerMember broker) {
    Lease lease = occupantBesides(broker);
    return lease == null ? null : new Occupant(lease.broker().address(), lease.renewedMillis());
  }

  /** The broker at this address has a name and an id; it was last heard then. */
  public record Occupant(String address, long heardMillis) {}

  /** The version of the topics that are known of this broker; null when some may be missing. */
  public @Nullable DataVersion versionOf(BrokerMember broker) {
    Lease lease = leases.find(broker.address());
    return lease == null || !lease.broker().equals(broker) ? null : lease.wholeVersion();
  }

  /** Where the master of this broker name is, for its slaves; null when there is none. */
  public @Nullable Master masterOf(String brokerName) {
    BrokerGroup group = groups.get(brokerName);
    String address = group == null ? null : group.addresses().get(MASTER_ID);
    Lease lease = address == null ? null : leases.find(address);
    return lease == null ? null : new Master(lease.broker().address(), lease.haAddress());
  }

  /** Where a master is reached by clients, and by its slaves. */
  public record Master(String address, @Nullable String haAddress) {}

  // Facts

  /** A broker said this over that connection. */
  public void register(Registration registration, Object connection, long nowMillis) {
    BrokerMember broker = registration.broker();
    boolean isFirst = clearSeat(broker);
    // RocketMQ's brokers announce a changed topic alone. The first word of a broker, if it is one
    // topic, may be such a part; its version must not be taken for that of the whole.
    boolean whole = registration.all() || !isFirst || registration.topics().size() != 1;
    leases.grant(new Lease(registration, whole, connection, nowMillis));
    seat(registration);
    if (speaksForGroup(broker)) {
      if (registration.all()) {
        takeOthers(broker.brokerName(), registration.topics().keySet());
      }
      registration.topics().forEach((topic, queues) -> put(topic, broker.brokerName(), queues));
    }
  }

  /** A broker whose topics are known said over that connection what has changed since. */
  public void change(TopicChange change, Object connection, long nowMillis) {
    BrokerMember broker = change.broker();
    leases.change(broker.address(), change.version(), connection, nowMillis);
    if (speaksForGroup(broker)) {
      change.gone().forEach(topic -> take(topic, broker.brokerName()));
      change.topics().forEach((topic, queues) -> put(topic, broker.brokerName(), queues));
    }
  }

  /** The broker at this address gave a sign of life. */
  public void renew(String address, long nowMillis) {
    leases.renew(address, nowMillis);
  }

  /** The same registration came again, perhaps over a new connection. */
  public void registerAgain(BrokerMember broker, Object connection, long nowMillis) {
    leases.repeat(broker.address(), connection, nowMillis);
  }

  /** The broker leaves by itself; false when it was not there. */
  public boolean unregister(BrokerMember broker) {
    Lease lease = leases.find(broker.address());
    if (lease == null || !lease.broker().equals(broker)) {
      return false;
    }
    remove(lease.broker());
    return true;
  }

  /** The connection closed; the broker that last registered over it is gone. */
  public List<Departure> disconnected(Object connection) {
    return removeAll(leases.heldOver(connection));
  }

  /** Time passed: brokers whose lease is over are gone. */
  public List<Departure> tick(long nowMillis) {
    return removeAll(leases.over(nowMillis));
  }

  /** One broker has this topic, or has it with other queues; an unknown broker is passed over. */
  public void registerTopic(String topic, String brokerName, TopicQueues queues) {
    if (groups.containsKey(brokerName)) {
      put(topic, brokerName, queues);
      disturb(brokerName);
    }
  }

  /** The topic is gone from every broker. */
  public void deleteTopic(String topic) {
    TopicBrokers route = topics.find(topic);
    if (route != null) {
      route.entries().forEach(entry -> delete(topic, entry.brokerName()));
    }
  }

  /** The topic is gone from the brokers of one cluster. */
  public void deleteTopic(String topic, String cluster) {
    for (BrokerGroup group : groups.values()) {
      if (group.cluster().equals(cluster)) {
        delete(topic, group.brokerName());
      }
    }
  }

  private void delete(String topic, String brokerName) {
    if (topicsOfBroker.getOrDefault(brokerName, Set.of()).contains(topic)) {
      take(topic, brokerName);
      disturb(brokerName);
    }
  }

  private void disturb(String brokerName) {
    BrokerGroup group = groups.get(brokerName);
    if (group != null) {
      for (String address : group.addresses().values()) {
        Lease lease = leases.find(address);
        if (lease != null) {
          lease.disturb();
        }
      }
    }
  }

  private void takeOthers(String brokerName, Set<String> named) {
    List<String> others = topicsOfBroker.getOrDefault(brokerName, Set.of()).stream()
        .filter(topic -> !named.contains(topic))
        .toList();
    others.forEach(topic -> take(topic, brokerName));
  }

  /** No client shall write to this broker, until its topics change. Returns how many topics it has. */
  public int wipeWritePermission(String brokerName) {
    return changeAll(brokerName, TopicQueues::withoutWrite);
  }

  /** All clients may read from and write to this broker. Returns how many topics it has. */
  public int addWritePermission(String brokerName) {
    return changeAll(brokerName, TopicQueues::withReadAndWrite);
  }

  /** What clients are told to take as the queues of ordered topics, by topic. */
  public void orderTopics(Map<String, String> queuesByTopic) {
    orderTopics = Map.copyOf(queuesByTopic);
    surroundingsChanged = true;
  }

  private @Nullable Lease occupantBesides(BrokerMember broker) {
    BrokerGroup group = groups.get(broker.brokerName());
    String address = group == null ? null : group.addresses().get(broker.brokerId());
    return address == null || address.equals(broker.address()) ? null : leases.find(address);
  }

  /** A broker that was at this address under another name or id, or had this seat, is gone now. */
  private boolean clearSeat(BrokerMember broker) {
    Lease before = leases.find(broker.address());
    boolean isSame = before != null && before.broker().equals(broker);
    Lease occupant = occupantBesides(broker);
    if (occupant != null) {
      leases.revoke(occupant.broker().address()); // its seat is overwritten at once
    }
    if (before != null && !before.broker().brokerName().equals(broker.brokerName())) {
      remove(before.broker());
    }
    return !isSame;
  }

  private void seat(Registration registration) {
    BrokerMember broker = registration.broker();
    BrokerGroup before = groups.get(broker.brokerName());
    SortedMap<Long, String> addresses = new TreeMap<>();
    if (before != null) {
      addresses.putAll(before.addresses());
      addresses.values().remove(broker.address()); // it may have had another id
    }
    addresses.put(broker.brokerId(), broker.address());
    BrokerGroup group = new BrokerGroup(
        broker.cluster(), broker.brokerName(), registration.enableActingMaster(), addresses);
    if (!group.equals(before)) {
      changeGroups(changed -> changed.put(broker.brokerName(), group));
    }
  }

  /** The master's topics count; a slave's only while no broker is above it. */
  private boolean speaksForGroup(BrokerMember broker) {
    BrokerGroup group = groups.get(broker.brokerName());
    return group != null && group.addresses().firstKey() == broker.brokerId();
  }

  private List<Departure> removeAll(List<Lease> gone) {
    List<Departure> departures = new ArrayList<>();
    for (Lease lease : gone) {
      remove(lease.broker());
      departures.add(lease.departure());
    }
    return departures;
  }

  private void remove(BrokerMember broker) {
    leases.revoke(broker.address());
    BrokerGroup before = groups.get(broker.brokerName());
    if (before == null || !broker.address().equals(before.addresses().get(broker.brokerId()))) {
      return;
    }
    SortedMap<Long, String> left = new TreeMap<>(before.addresses());
    left.remove(broker.brokerId());
    if (left.isEmpty()) {
      changeGroups(changed -> changed.remove(broker.brokerName()));
      Set<String> names = topicsOfBroker.getOrDefault(broker.brokerName(), Set.of());
      List.copyOf(names).forEach(topic -> take(topic, broker.brokerName()));
    } else {
      BrokerGroup group =
          new BrokerGroup(before.cluster(), before.brokerName(), before.enableActingMaster(), left);
      changeGroups(changed -> changed.put(broker.brokerName(), group));
    }
  }

  private void changeGroups(Consumer<SortedMap<String, BrokerGroup>> change) {
    SortedMap<String, BrokerGroup> changed = new TreeMap<>(groups);
    change.accept(changed);
    groups = changed;
    surroundingsChanged = true;
  }

  private int changeAll(String brokerName, UnaryOperator<TopicQueues> change) {
    Set<String> names = topicsOfBroker.getOrDefault(brokerName, Set.of());
    for (String topic : names) {
      TopicBrokers route = topics.find(topic);
      TopicQueues queues = route == null ? null : route.queuesOf(brokerName);
      if (queues != null) {
        put(topic, brokerName, change.apply(queues));
      }
    }
    return names.size();
  }

  private void put(String topic, String brokerName, TopicQueues queues) {
    TopicBrokers route = topics.find(topic);
    TopicBrokers before = route == null ? TopicBrokers.NONE : route;
    if (queues.equals(before.queuesOf(brokerName))) {
      return;
    }
    topics = topics.with(topic, before.with(brokerName, queues));
    if (topicsOfBroker.computeIfAbsent(brokerName, name -> new HashSet<>()).add(topic)) {
      entries++;
    }
    topicsChanged = true;
  }

  private void take(String topic, String brokerName) {
    TopicBrokers before = topics.find(topic);
    if (before == null || before.queuesOf(brokerName) == null) {
      return;
    }
    TopicBrokers route = before.without(brokerName);
    topics = route.isEmpty() ? topics.without(topic) : topics.with(topic, route);
    Set<String> names = topicsOfBroker.get(brokerName);
    if (names != null) {
      entries -= names.remove(topic) ? 1 : 0;
      if (names.isEmpty()) {
        topicsOfBroker.remove(brokerName);
      }
    }
    topicsChanged = true;
  }
}
