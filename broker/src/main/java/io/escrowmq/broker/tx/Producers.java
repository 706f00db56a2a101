package io.escrowmq.broker.tx;

import io.escrowmq.broker.connected.ClientEvents;
import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.Member;
import io.escrowmq.remoting.Connection;
import io.escrowmq.store.queue.KeyIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who may be asked about a half-message: the client that sent it, else a producer of its group that
 * publishes to its topic, else any of its group. Any thread.
 *
 * <p>Producers are clients that send heartbeats for the group. A connection that has only sent
 * half-messages is asked when there is no such client: it may be one whose first heartbeat is on its
 * way, or a proxy that does not answer.
 *
 * <p>What connections have sent is known as long as they last.
 */
public final class Producers {

  private static final int MOST_TOPICS =
      1000; // of one connection; it may still be asked about others

  private static final int MOST_REMEMBERED = 100_000; // of all connections

  private record Publication(String group, String topic) {}

  private final ClientRegistry clients;
  private final Map<Connection, Set<Publication>> publications = new ConcurrentHashMap<>();
  private final AtomicInteger remembered = new AtomicInteger(); // at most MOST_REMEMBERED, roughly
  private final Map<String, Set<Connection>> senders = new ConcurrentHashMap<>(); // by group

  public Producers(ClientRegistry clients) {
    this.clients = clients;
  }

  /** Who comes, by heartbeats or by half-messages. */
  ClientEvents events() {
    return clients.events();
  }

  /** A half-message came by a connection; answers what its client is found by later. */
  long sent(String group, String topic, Connection connection) {
    Set<Publication> known = publications.get(connection);
    if (known == null) {
      known = meet(connection);
    }
    Publication publication = new Publication(group, topic);
    if (known.size() < MOST_TOPICS
        && !known.contains(publication)
        && remembered.get() < MOST_REMEMBERED
        && known.add(publication)) {
      remembered.incrementAndGet();
      boolean isNew =
          senders.computeIfAbsent(group, name -> ConcurrentHashMap.newKeySet()).add(connection);
      if (isNew) {
        events().producerCame(group);
      }
    }
    Member member = clients.producer(group, connection);
    return member == null ? key(connection) : key(member);
  }

  private Set<Publication> meet(Connection connection) {
    Set<Publication> fresh = ConcurrentHashMap.newKeySet();
    Set<Publication> other = publications.putIfAbsent(connection, fresh);
    if (other != null) {
      return other;
    }
    connection.onClose(() -> forget(connection));
    return fresh;
  }

  private void forget(Connection connection) {
    Set<Publication> known = publications.remove(connection);
    if (known != null) {
      remembered.addAndGet(-known.size());
      for (Publication publication : known) {
        senders.computeIfPresent(publication.group(), (group, connections) -> {
          connections.remove(connection);
          return connections.isEmpty() ? null : connections;
        });
      }
    }
  }

  /** Whether anybody of the group can be asked. */
  boolean isAnyHere(String group) {
    return clients.hasProducers(group) || !unknown(group).isEmpty();
  }

  // Who has said who it is counts as what it says: it may have left the group since it sent.
  private List<Connection> unknown(String group) {
    return senders.getOrDefault(group, Set.of()).stream()
        .filter(sender -> !clients.knows(sender))
        .toList();
  }

  /**
   * Whom to ask.
   *
   * @param client what {@link #sent} answered
   * @param check the number of the check: who is one of many takes turns with the others
   */
  @Nullable
  Connection choose(String group, long client, String topic, int check) {
    List<Connection> members = new ArrayList<>();
    for (Member member : clients.producers(group)) {
      Connection connection = member.connection();
      boolean sentIt = key(member) == client || key(connection) == client;
      if (sentIt && connection.isOpen()) {
        return connection;
      }
      members.add(connection);
    }
    Connection member = oneOf(members, group, topic, check);
    if (member != null) {
      return member;
    }
    // A connection without heartbeats may belong to a proxy, which ignores what brokers ask.
    List<Connection> strangers = unknown(group);
    for (Connection connection : strangers) {
      if (key(connection) == client && connection.isOpen()) {
        return connection;
      }
    }
    return oneOf(strangers, group, topic, check);
  }

  /** One that publishes to the topic, or else any. */
  private @Nullable Connection oneOf(
      List<Connection> connections, String group, String topic, int turn) {
    Publication wanted = new Publication(group, topic);
    List<Connection> publishing = connections.stream()
        .filter(connection -> publications.getOrDefault(connection, Set.of()).contains(wanted))
        .toList();
    Connection one = oneOf(publishing, turn);
    return one == null ? oneOf(connections, turn) : one;
  }

  private static @Nullable Connection oneOf(List<Connection> connections, int turn) {
    List<Connection> open = connections.stream().filter(Connection::isOpen).toList();
    return open.isEmpty() ? null : open.get(Math.floorMod(turn, open.size()));
  }

  private static long key(Member member) {
    return KeyIndex.hash("client", member.clientId());
  }

  // Of a client that has not said yet who it is: good as long as the connection lasts.
  private static long key(Connection connection) {
    return KeyIndex.hash("connection", String.valueOf(connection.remoteAddress()));
  }
}
