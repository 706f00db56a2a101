package io.escrowmq.broker.connected;

import io.escrowmq.remoting.Connection;
import java.util.List;

/** What a client's word about itself led to. */
public sealed interface Registration {

  /** Nothing that others would have to know. */
  record NoNews() implements Registration {}

  /** The group's members or subscriptions are others now, and these members should know. */
  record News(Notice notice) implements Registration {}

  /** It would go beyond a limit, which the reason names. */
  record NoRoom(String reason) implements Registration {}

  /** The group has changed; its members are to look again. */
  record Notice(String group, List<Connection> members) {}
}
