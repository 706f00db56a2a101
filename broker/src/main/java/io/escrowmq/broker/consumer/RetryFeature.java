package io.escrowmq.broker.consumer;

import static io.escrowmq.remoting.RequestTable.onAsking;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.SendBackHeader;

/** Messages that their consumers send back, to have them again later. */
public final class RetryFeature implements Feature {

  private final LogCore core;
  private final TopicCatalog topics;
  private final GroupCreation groups;
  private final MessageSource messages;
  private final MessageForge forge;
  private final MessageIntake intake;

  /** @param messages by their place in the log, as everybody may see them */
  public RetryFeature(
      LogCore core,
      TopicCatalog topics,
      GroupCreation groups,
      MessageSource messages,
      MessageForge forge,
      MessageIntake intake) {
    this.core = core;
    this.topics = topics;
    this.groups = groups;
    this.messages = messages;
    this.forge = forge;
    this.intake = intake;
  }

  @Override
  public RequestTable requests() {
    SendBackHandler sendBack = new SendBackHandler(new SendBacks(
        groups,
        topics,
        messages,
        forge,
        intake,
        core.surroundings().clock(),
        core.surroundings().chance()));
    return RequestTable.of(
        onAsking(CONSUMER_SEND_MSG_BACK, SendBackHeader.FIELDS, Permission.READ, sendBack::accept));
  }
}
