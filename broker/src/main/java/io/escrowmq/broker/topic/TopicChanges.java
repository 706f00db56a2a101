package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.CallProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Creates, changes and deletes topics through the log loop. Any thread.
 *
 * <p>A change is answered when the name servers know it: who asks for the route of a new topic right
 * after the answer finds it, and a registration of before is not under way any more that would bring
 * back a deleted topic after a tool has deleted it in the name server, too.
 */
public final class TopicChanges {

  private static final int RECORD_AT_MOST = 64 * 1024; // bytes; attributes are bounded far below

  private final LogLoop loop;
  private final TopicCatalog topics;
  private final Consumer<String> deletionIsSafe;
  private final Supplier<CompletionStage<List<String>>> spread;

  /**
   * @param deletionIsSafe is told a topic when its deletion is safe; must be quick
   * @param spread tells the name servers the topics as they are now; completes with those that may
   *     not know
   */
  public TopicChanges(
      LogLoop loop,
      TopicCatalog topics,
      Consumer<String> deletionIsSafe,
      Supplier<CompletionStage<List<String>>> spread) {
    this.loop = loop;
    this.topics = topics;
    this.deletionIsSafe = deletionIsSafe;
    this.spread = spread;
  }

  /** Creates the topic or changes it, and answers the call. The same again records nothing. */
  public void put(Call call, Topic topic) {
    offer(call, recorder -> put(recorder, topic));
  }

  /** The same for several, in order; answers with the first refusal, what came before it stays. */
  public void putAll(Call call, List<Topic> list) {
    offer(call, recorder -> putAll(recorder, list));
  }

  /** Deletes the topic and answers the call; one that is not there is no error. */
  public void delete(Call call, String name) {
    Runnable afterwards = () -> {
      topics.announce();
      deletionIsSafe.accept(name);
    };
    new CallProposal(call, recorder -> delete(recorder, name), afterwards, this::answer)
        .offerTo(loop);
  }

  private void offer(Call call, Function<Recorder, Reply> ruling) {
    new CallProposal(call, ruling, topics::announce, this::answer).offerTo(loop);
  }

  private void answer(Call call, Reply reply) {
    if (reply.code() != ResponseCode.SUCCESS) {
      call.reply(reply);
      return;
    }
    spread.get().thenAccept(missing -> call.reply(missing.isEmpty() ? reply : incomplete(missing)));
  }

  private static Reply incomplete(List<String> missing) {
    return new Reply(
        ResponseCode.SUCCESS,
        "done, but these name servers may not know it yet: " + String.join(", ", missing)
            + "; they are told as soon as they answer",
        WireHeader.NONE,
        Body.EMPTY);
  }

  /** For proposals of other features: creates the topic if it is not there. Log loop only. */
  public Reply ensure(Recorder recorder, Topic topic) {
    return topics.find(topic.name()) != null ? Reply.ok() : put(recorder, topic);
  }

  /** For proposals of other features that {@link #ensure} topics: tells the routes. */
  public void changed() {
    topics.announce();
  }

  private Reply putAll(Recorder recorder, List<Topic> list) {
    for (Topic topic : list) {
      Reply reply = put(recorder, topic);
      if (reply.code() != ResponseCode.SUCCESS) {
        return reply;
      }
    }
    return Reply.ok();
  }

  private Reply put(Recorder recorder, Topic topic) {
    if (topic.equals(topics.find(topic.name()))) {
      return Reply.ok();
    }
    if (topics.find(topic.name()) == null && !topics.hasRoom()) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, topics.refusal(topic.name()));
    }
    String refusal = topics.memoryRefusal(topic);
    if (refusal != null) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, refusal);
    }
    if (!recorder.hasRoom(RECORD_AT_MOST)) {
      return Refusals.diskFull(recorder);
    }
    recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), topic));
    return Reply.ok();
  }

  private Reply delete(Recorder recorder, String name) {
    if (topics.find(name) == null) {
      return Reply.ok();
    }
    if (!recorder.hasReserveRoom(RECORD_AT_MOST)) {
      return Refusals.diskFull(recorder);
    }
    recorder.record(RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), name));
    return Reply.ok();
  }
}
