package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.RecordKind;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates, changes and deletes topics through the log loop, whatever protocol asks for it. Any thread.
 *
 * <p>A change is answered when the name servers know it: who asks for the route of a new topic right
 * after the answer finds it, and a registration of before is not under way any more that would bring
 * back a deleted topic after a tool has deleted it in the name server, too.
 */
public final class TopicChanges {

  /** What is told to who wanted it, once. */
  public interface Outcome {

    /** It is done; these name servers may not know it yet. */
    void done(List<String> uninformed);

    void refused(Refusal why);
  }

  private static final int MOST_AT_ONCE = 1000; // topics of one list

  private final LogLoop loop;
  private final TopicCatalog topics;
  private final Consumer<String> deletionIsSafe;
  private final Function<TopicVersion, CompletionStage<List<String>>> spread;

  /**
   * @param deletionIsSafe is told a topic when its deletion is safe; must be quick
   * @param spread tells the name servers the topics as they are at a version; completes with those
   *     that may not know
   */
  public TopicChanges(
      LogLoop loop,
      TopicCatalog topics,
      Consumer<String> deletionIsSafe,
      Function<TopicVersion, CompletionStage<List<String>>> spread) {
    this.loop = loop;
    this.topics = topics;
    this.deletionIsSafe = deletionIsSafe;
    this.spread = spread;
  }

  /** Creates or changes topics, all or none, in order. The same again records nothing. */
  void put(List<TopicWish> wishes, Outcome outcome) {
    if (wishes.size() > MOST_AT_ONCE) {
      outcome.refused(new Refusal.BadValue("the list has " + wishes.size() + " topics, at most "
          + MOST_AT_ONCE + " are changed at once; send several lists"));
      return;
    }
    offer(recorder -> put(recorder, wishes), topics::announce, outcome);
  }

  /** Deletes the topic; one that is not there is no error. */
  public void delete(String name, Outcome outcome) {
    if (name.isBlank() || TopicNames.isReserved(name) || topics.isBuiltIn(name)) {
      outcome.refused(new Refusal.BadValue(
          "the topic '" + name + "' belongs to the broker and cannot be deleted"));
      return;
    }
    Runnable afterwards = () -> {
      topics.announce();
      deletionIsSafe.accept(name);
    };
    offer(recorder -> delete(recorder, name), afterwards, outcome);
  }

  private void offer(
      Function<Recorder, @Nullable Refusal> ruling, Runnable afterwards, Outcome outcome) {
    new Change<>(
            recorder -> {
              RefusedException.throwIf(ruling.apply(recorder));
              return true;
            },
            afterwards,
            new Change.Outcome<Boolean>() {

              @Override
              public void done(Boolean is) {
                spread.apply(topics.version()).thenAccept(outcome::done);
              }

              @Override
              public void refused(Refusal why) {
                outcome.refused(why);
              }
            })
        .offerTo(loop);
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
