package io.escrowmq.broker.connected;

import io.escrowmq.remoting.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group that is online: its members and what they want. Immutable.
 *
 * @param members by connection
 * @param subscriptions by topic; those of the latest heartbeat
 */
public record ConsumerGroup(
    String name,
    ConsumerProfile profile,
    Map<Connection, Member> members,
    Map<String, Subscription> subscriptions) {

  /** The members' ids in ascending order, each once. */
  public List<String> clientIds() {
    TreeSet<String> ids = new TreeSet<>();
    members.values().forEach(member -> ids.add(member.clientId()));
    return List.copyOf(ids);
  }

  /** The member of this id, or null. */
  public @Nullable Member member(String clientId) {
    for (Member member : members.values()) {
      if (member.clientId().equals(clientId)) {
        return member;
      }
    }
    return null;
  }
}
