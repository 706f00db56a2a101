package io.escrowmq.broker.send;

import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.onAsking;
import static io.escrowmq.remoting.code.RequestCode.SEND_BATCH_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_MESSAGE_V2;

import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.intake.HalfIntake;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.util.List;

/** Sends: what clients hand in goes into the log, once each, or into escrow. */
public final class SendFeature implements Feature {

  private final LogCore core;
  private final SendSettings settings;
  private final MessageForge forge;
  private final TopicCatalog topics;
  private final HalfIntake halves;
  private final ResendRule resends;
  private final Traffic traffic;
  private final RecentSends recent;
  private final MessageIntake intake;

  /**
   * @param delays how many messages may wait until they are due
   * @param halves the way into escrow
   */
  public SendFeature(
      LogCore core,
      SendSettings settings,
      MessageForge forge,
      TopicCatalog topics,
      DelayBound delays,
      HalfIntake halves,
      ResendRule resends,
      Traffic traffic) {
    this.core = core;
    this.settings = settings;
    this.forge = forge;
    this.topics = topics;
    this.halves = halves;
    this.resends = resends;
    this.traffic = traffic;
    recent = new RecentSends(
        core.queueViews(),
        settings.deduplication().keysOfTopic(),
        settings.deduplication().bytes(),
        core.surroundings().chance().secret());
    intake = new MessageIntake(core.loop(), core.queueViews(), topics, delays);
  }

  /** The way into the log for messages of other features. */
  public MessageIntake intake() {
    return intake;
  }

  public RecentSends recent() {
    return recent;
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.onMessage(recent::apply, RecordKind.MESSAGE, RecordKind.DELAYED, RecordKind.HALF);
    appliers.on(
        RecordKind.TOPIC_DELETED,
        record -> recent.deleteTopic(TopicRecords.nameOfDeleted(record.payload())));
  }

  @Override
  public List<View> views() {
    return List.of(recent);
  }

  @Override
  public RequestTable requests() {
    Sends sends = new Sends(
        settings,
        topics,
        resends,
        forge,
        new Sends.Doors(intake, halves),
        recent,
        traffic,
        core.surroundings());
    SendHandler send = new SendHandler(sends, settings.storeHost());
    return RequestTable.of(
        onAsking(SEND_MESSAGE, SendMessageHeader.FIELDS_V1, WRITE, send::accept)
            .admittedBy(send::refusal),
        onAsking(SEND_MESSAGE_V2, SendMessageHeader.FIELDS_V2, WRITE, send::accept)
            .admittedBy(send::refusal),
        onAsking(SEND_BATCH_MESSAGE, SendMessageHeader.FIELDS_V2, WRITE, send::acceptBatch)
            .admittedBy(send::refusal));
  }
}
