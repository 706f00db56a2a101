package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientEvents;
import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.connected.Registration.Notice;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import java.util.List;

/**
 * Tells the members of a group that they should divide the queues anew. An effect: a notice that gets
 * lost costs time, because the clients look by themselves every 20 seconds.
 */
final class MemberNotices implements ClientEvents.Listener {

  private final GroupCatalog groups;
  private final ClientRegistry clients;

  MemberNotices(GroupCatalog groups, ClientRegistry clients) {
    this.groups = groups;
    this.clients = clients;
  }

  @Override
  public void left(List<Notice> notices) {
    send(notices);
  }

  void send(List<Notice> notices) {
    notices.forEach(this::send);
  }

  void send(Notice notice) {
    if (!isWanted(notice.group())) {
      return;
    }
    Request request = Request.of(
        RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, new ConsumerGroupHeader(notice.group()));
    for (Connection member : notice.members()) {
      member.notify(request);
    }
  }

  /** Who gets every message has nothing to divide. */
  private boolean isWanted(String name) {
    Group group = groups.find(name);
    ConsumerGroup online = clients.consumers(name);
    boolean isBroadcasting = online != null && online.profile().isBroadcasting();
    return !isBroadcasting && (group == null || group.notifyMembers());
  }
}
