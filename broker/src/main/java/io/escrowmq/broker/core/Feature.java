package io.escrowmq.broker.core;

import io.escrowmq.remoting.RequestTable;
import io.escrowmq.store.View;
import java.util.List;
import java.util.Set;

/**
 * One subject of a broker, with all that it brings into the core: which records it applies, what of
 * its state goes into state files, what it holds in the log, what it does by time, and which requests
 * it serves. A core is a list of features, in an order in which each needs only those before it.
 *
 * <p>Its state is made in the constructor and filled by records; nothing else may happen before {@link
 * #start}, since a core may be opened to be looked at or to be repaired only.
 */
public interface Feature {

  /** Registers what it applies. Features apply the same record in their order. */
  default void applyBy(Appliers appliers) {}

  /** Its part of a state file. */
  default List<View> views() {
    return List.of();
  }

  /** What is durable in the log and in no queue yet. */
  default List<EscrowedMessages> holds() {
    return List.of();
  }

  /** What it does in the log's turn when its time has come. */
  default List<Duty> duties() {
    return List.of();
  }

  /** What it answers. Asked for once, before the start. */
  default RequestTable requests() {
    return RequestTable.of();
  }

  /** Begins whatever goes on beside the log's turn. Once, when all records are applied. */
  default void start() {}

  /** Who must be told of new messages. Asked for once. */
  default List<Arrivals> arrivals() {
    return List.of();
  }

  /** Some times a second from the start on, by one thread; quick. */
  default void onTick() {}

  /** The groups that may hold offsets of a topic, as far as it knows. In the log's turn. */
  default Set<String> readersOf(String topic) {
    return Set.of();
  }

  /**
   * A topic is deleted: lets go of what it keeps of it besides what records have brought. In the log's
   * turn, while later features have not applied the record; quick. Never for a replayed record.
   */
  default void letGoOfTopic(String topic) {}

  /** The same for a group. */
  default void letGoOfGroup(String group) {}

  /** The deletion of a topic is safe. Any thread; quick. */
  default void topicIsGone(String topic) {}

  /** Ends what {@link #start} began. The log still takes records. */
  default void stop() {}
}
