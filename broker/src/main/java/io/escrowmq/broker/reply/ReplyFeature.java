package io.escrowmq.broker.reply;

import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.SEND_REPLY_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_REPLY_MESSAGE_V2;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.SendMessageHeader;
import java.time.InstantSource;

/** Replies: from the client that answers to the one that asked. */
public final class ReplyFeature implements Feature {

  private final ReplyHandler replies;

  /** @param maxMessageBytes a larger body is refused */
  public ReplyFeature(
      TopicCatalog topics,
      ClientRegistry clients,
      BrokerIdentity identity,
      int maxMessageBytes,
      InstantSource clock) {
    replies =
        new ReplyHandler(new Replies(topics, clients, maxMessageBytes, clock), identity.address());
  }

  @Override
  public RequestTable requests() {
    return RequestTable.of(
        on(SEND_REPLY_MESSAGE, SendMessageHeader.FIELDS_V1, WRITE, replies::accept),
        on(SEND_REPLY_MESSAGE_V2, SendMessageHeader.FIELDS_V2, WRITE, replies::accept));
  }
}
