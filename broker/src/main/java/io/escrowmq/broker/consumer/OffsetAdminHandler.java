package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.OffsetTable;
import io.escrowmq.remoting.body.QueueNumbers;
import io.escrowmq.remoting.body.ResetOffsets;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.CorrectionOffsetHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Operators set, copy and compare groups' offsets. Any event loop. */
final class OffsetAdminHandler {

  private final OffsetResets resets;
  private final ConsumerOffsets offsets;
  private final LogLoop loop;
  private final String brokerName;

  OffsetAdminHandler(
      OffsetResets resets, ConsumerOffsets offsets, LogLoop loop, String brokerName) {
    this.resets = resets;
    this.offsets = offsets;
    this.loop = loop;
    this.brokerName = brokerName;
  }

  /**
   * INVOKE_BROKER_TO_RESET_OFFSET. The offsets are set here; consumers find out with their next pull.
   * So it works for consumers that are not online, too.
   */
  void reset(Call call, ResetOffsetHeader header) {
    OffsetResets.Wish wish = new OffsetResets.Wish(
        header.group(), header.topic(), header.queueId(), header.offset(), header.timestamp());
    new CallProposal(call, recorder -> told(header.topic(), resets.set(recorder, wish)), () -> {})
        .offerTo(loop);
  }

  private Reply told(String topic, Map<Integer, Long> targets) {
    Map<MessageQueue, Long> told = new LinkedHashMap<>();
    targets.forEach(
        (queueId, offset) -> told.put(new MessageQueue(topic, brokerName, queueId), offset));
    return Reply.ok(new ResetOffsets(told).toBytes());
  }

  /** CLONE_GROUP_OFFSET: another group goes on where this one stands, on all topics or none. */
  void cloneOffsets(Call call, CloneOffsetHeader header) {
    String topic = header.topic() == null || header.topic().isBlank() ? null : header.topic();
    new CallProposal(
            call,
            recorder -> {
              resets.copy(recorder, header.fromGroup(), header.toGroup(), topic);
              return Reply.ok();
            },
            () -> {})
        .offerTo(loop);
  }

  /** GET_ALL_CONSUMER_OFFSET. */
  void all(Call call, Fields none) {
    call.reply(Reply.ok(new OffsetTable(offsets.byTopicAtGroup()).toBytes()));
  }

  /** QUERY_CORRECTION_OFFSET. */
  void correction(Call call, CorrectionOffsetHeader header) {
    Map<Integer, Long> lowest = OffsetComparison.lowest(
        offsets, header.topic(), header.compareGroup(), header.filteredGroups());
    call.reply(Reply.ok(new QueueNumbers("correctionOffsets", lowest).toBytes()));
  }
}
