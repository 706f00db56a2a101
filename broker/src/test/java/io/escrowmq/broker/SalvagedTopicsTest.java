package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A topic whose creation is lost is as old as what was sent to it, however that is known: it keeps its half-messages and
 * delayed messages, and gets none of a topic of its name that was deleted before.
 */
class SalvagedTopicsTest {

  private static final String TOPIC = "orders";
  private static final int QUEUE = 1;
  private static final long DELAY_MILLIS = 5_000;

  /** What was sent to the topic, behind its creation. */
  private enum Sent {
    MESSAGE,
    HALF,
    MOVED_HALF,
    DELAYED
  }

  /** What came after that. */
  private enum Later {
    NOTHING,
    CHANGED,
    /** With a deletion that the log still has. */
    MADE_AGAIN
  }

  @Test
  void shouldKeepWhatWasSentToATopicWhoseCreationIsLost() {
    for (Set<Sent> sent : choices()) {
      for (Later later : Later.values()) {
        for (boolean hadEarlier : new boolean[] {false, true}) {
          for (boolean hasState : new boolean[] {false, true}) {
            new Run(sent, later, hadEarlier, hasState).play();
          }
        }
      }
    }
  }

  // All but nothing.
  private static List<Set<Sent>> choices() {
    List<Set<Sent>> all = new ArrayList<>();
    all.add(EnumSet.noneOf(Sent.class));
    for (Sent kind : Sent.values()) {
      for (Set<Sent> without : List.copyOf(all)) {
        Set<Sent> with = EnumSet.of(kind);
        with.addAll(without);
        all.add(with);
      }
    }
    all.remove(0);
    return all;
  }

  private static final class Run {

    private final Set<Sent> sent;
    private final Later later;
    private final boolean hadEarlier;
    private final boolean hasState;
    private final TestStore store = new TestStore(1);
    private final List<Long> halves = new ArrayList<>();
    private final List<Long> halvesOfDeleted = new ArrayList<>();
    private String name = "";
    private long creation;

    Run(Set<Sent> sent, Later later, boolean hadEarlier, boolean hasState) {
      this.sent = sent;
      this.later = later;
      this.hadEarlier = hadEarlier;
      this.hasState = hasState;
    }

    void play() {
      name = sent + ", later " + later + ", another before: " + hadEarlier + ", state: " + hasState;

      // given
      live();
      loseTheCreation();

      // when
      new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings()).repair();
      store.start();

      // then: now, and when it is all applied again
      assertTopics();
      store.state.close();
      store
          .files
          .list(TestStore.DIRECTORY.resolve("state"))
          .forEach(
              file -> store.files.delete(TestStore.DIRECTORY.resolve("state").resolve(file)));
      store.start();
      assertTopics();
      assertEscrow();
      store.state.close();
    }

    private void live() {
      TestEscrow escrow = new TestEscrow(store);
      if (hadEarlier) {
        store.createTopic(TOPIC, 4);
        halvesOfDeleted.add(escrow.half(TOPIC, QUEUE, "earlier"));
        store.sendDelayed(TOPIC, QUEUE, "earlier and delayed", DELAY_MILLIS);
        store.deleteTopic(TOPIC);
      }
      if (hasState) {
        store.writeState();
      }
      creation = store.state.store.log().end();
      store.createTopic(TOPIC, 4);
      if (hadEarlier) {
        moveHalves();
      }
      for (Sent kind : sent) {
        switch (kind) {
          case MESSAGE -> store.send(TOPIC, QUEUE, "sent");
          case HALF -> halves.add(escrow.half(TOPIC, QUEUE, "half"));
          case MOVED_HALF -> {
            halves.add(escrow.half(TOPIC, QUEUE, "moved"));
            moveHalves();
          }
          case DELAYED -> store.sendDelayed(TOPIC, QUEUE, "delayed", DELAY_MILLIS);
        }
      }
      if (later == Later.MADE_AGAIN) {
        store.deleteTopic(TOPIC);
        halvesOfDeleted.addAll(halves);
        halves.clear();
        store.createTopic(TOPIC, 4);
        halves.add(escrow.half(TOPIC, QUEUE, "again"));
      } else if (later == Later.CHANGED) {
        store.createTopic(TOPIC, 8);
      }
    }

    // As retention does before their segment goes.
    private void moveHalves() {
      EscrowedMessages escrow = store.state.transactions.transactions().inEscrow();
      store.rule(recorder -> {
        try (LogReader reader = store.state.store.log().newReaderOfTurn()) {
          for (EscrowedMessages.Place place :
              escrow.before(store.state.store.log().end(), 100)) {
            LogRecord record = Objects.requireNonNull(reader.read(place.position()));
            escrow.recordAgain(recorder, place, record);
          }
        }
      });
    }

    private void loseTheCreation() {
      store.sync();
      store.state.store.log().mark(); // says that it is not torn
      store.state.store.log().write();
      store.kill();
      Path segment = TestStore.DIRECTORY.resolve("log").resolve("%020d.log".formatted(0));
      store.files.flipBit(segment, creation + 40, 1);
    }

    private void assertTopics() {
      assertThat(store.state.topics.catalog().find(TOPIC)).as(name).isNotNull();
      halves.forEach(id ->
          assertThat(store.state.topics.catalog().holds(TOPIC, id)).as(name).isTrue());
      halvesOfDeleted.forEach(id ->
          assertThat(store.state.topics.catalog().holds(TOPIC, id)).as(name).isFalse());
    }

    private void assertEscrow() {
      TestEscrow escrow = new TestEscrow(store);
      halvesOfDeleted.forEach(id ->
          assertThat(escrow.tryToCommit(id)).as(name).isEqualTo(ResponseCode.TOPIC_NOT_EXIST));
      halves.forEach(
          id -> assertThat(escrow.tryToCommit(id)).as(name).isEqualTo(ResponseCode.SUCCESS));
      escrow.advance(DELAY_MILLIS);
      assertThat(store.readWhatIsWhole(TOPIC, QUEUE).values())
          .as(name)
          .containsExactlyInAnyOrderElementsOf(expected());
      if (expected().contains("sent")) {
        long hash = KeyIndex.hash(TOPIC, TOPIC + QUEUE + "sent");
        long[] found = store.state.store.keys().find(hash, 0, Long.MAX_VALUE, Long.MAX_VALUE, 1);
        assertThat(store.state.topics.catalog().holds(TOPIC, found[0])).as(name).isTrue();
      }
    }

    private List<String> expected() {
      if (later == Later.MADE_AGAIN) {
        return List.of("again");
      }
      return sent.stream()
          .map(kind -> switch (kind) {
            case MESSAGE -> "sent";
            case HALF -> "half";
            case MOVED_HALF -> "moved";
            case DELAYED -> "delayed";
          })
          .toList();
    }
  }
}
