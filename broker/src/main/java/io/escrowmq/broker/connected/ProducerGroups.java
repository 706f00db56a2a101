package io.escrowmq.broker.connected;

import io.escrowmq.remoting.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Producers that are online, by group and by client id. One writer at a time, any reader. */
final class ProducerGroups {

  private final Map<String, Map<Connection, Member>> groups = new ConcurrentHashMap<>();
  private final Map<String, Connection> connections = new ConcurrentHashMap<>(); // by client id

  /** The producers of a group, in no order. */
  List<Member> of(String group) {
    return List.copyOf(groups.getOrDefault(group, Map.of()).values());
  }

  /** The producer of the group that is connected so; null when there is none. */
  @Nullable
  Member find(String group, Connection connection) {
    Map<Connection, Member> members = groups.get(group);
    return members == null ? null : members.get(connection);
  }

  boolean has(String group) {
    return groups.containsKey(group);
  }

  int size(String group) {
    return groups.getOrDefault(group, Map.of()).size();
  }

  Set<String> names() {
    return new TreeSet<>(groups.keySet());
  }

  /** Over which a client of this id sends heartbeats; null when there is none. */
  @Nullable
  Connection connection(String clientId) {
    return connections.get(clientId);
  }

  /** Adds a producer, or puts it in the place of another one on its connection. */
  void add(String group, Member member) {
    groups
        .computeIfAbsent(group, name -> new ConcurrentHashMap<>())
        .put(member.connection(), member);
  }

  /** True when it was there. */
  boolean remove(String group, Connection connection) {
    Map<Connection, Member> members = groups.get(group);
    if (members == null || members.remove(connection) == null) {
      return false;
    }
    if (members.isEmpty()) {
      groups.remove(group);
    }
    return true;
  }

  /** From now on this is the connection of a client id. */
  void connect(String clientId, Connection connection) {
    connections.put(clientId, connection);
  }

  /** The same, unless it has another one: that one may have gone. */
  void connectIfNone(String clientId, Connection connection) {
    connections.putIfAbsent(clientId, connection);
  }

  void disconnect(String clientId, Connection connection) {
    connections.remove(clientId, connection);
  }

  /** Takes a member of a group. */
  @FunctionalInterface
  interface Visitor {
    void visit(String group, Member member);
  }

  /** Shows the members that were not heard of since a tick; they may be removed meanwhile. */
  void silentSince(long tick, Visitor visitor) {
    groups.forEach((group, members) -> {
      for (Member member : new ArrayList<>(members.values())) {
        if (member.seenTick() < tick) {
          visitor.visit(group, member);
        }
      }
    });
  }
}
