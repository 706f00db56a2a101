package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, changes and deletes topics through the log loop. Any thread.
 *
 * <p>A change is answered when the name servers know it: who asks for the route of a new topic right
 * after the answer finds it, and a registration of before is not under way any more that would bring
 * back a deleted topic after a tool has deleted it in the name server, too.
 */
public final class TopicChanges {

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

  /**
   * Creates or changes topics, all or none, in order, and answers the call. The same again records
   * nothing.
   */
  void put(Call call, List<TopicWish> wishes) {
    new CallProposal(
            call,
            recorder -> RefusalPage.replyOrOk(put(recorder, wishes)),
            topics::announce,
            this::answer)
        .offerTo(loop);
  }

  /** Deletes the topic and answers the call; one that is not there is no error. */
  public void delete(Call call, String name) {
    Runnable afterwards = () -> {
      topics.announce();
      deletionIsSafe.accept(name);
    };
    new CallProposal(
            call,
            recorder -> RefusalPage.replyOrOk(delete(recorder, name)),
            afterwards,
            this::answer)
        .offerTo(loop);
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

  /** For proposals of other features that create topics: tells the routes. */
  public void changed() {
    topics.announce();
  }

  private @Nullable Refusal put(Recorder recorder, List<TopicWish> wishes) {
    TopicPlan plan = new TopicPlan(topics, recorder);
    for (TopicWish wish : wishes) {
      Refusal refusal = plan.add(wish);
      if (refusal != null) {
        return new Refusal.OneOfMany("topic " + wish.name(), refusal, wishes.size());
      }
    }
    plan.record();
    return null;
  }

  private @Nullable Refusal delete(Recorder recorder, String name) {
    if (topics.find(name) == null) {
      return null;
    }
    byte[] payload = TopicRecords.deleted(recorder.nowMillis(), name);
    if (!recorder.hasReserveRoom(payload.length)) {
      return Refusals.noRoom(recorder, payload.length);
    }
    recorder.record(RecordKind.TOPIC_DELETED, 0, payload);
    return null;
  }
}
