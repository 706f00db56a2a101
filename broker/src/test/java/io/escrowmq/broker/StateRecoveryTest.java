package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.store.Image;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.View;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which state file a broker starts from, and when it refuses to. */
class StateRecoveryTest {

  private static final Path STATE = TestStore.DIRECTORY.resolve("state");

  private final TestStore store = new TestStore(1);

  private void endInOrder() {
    store.state.upkeep().states().writeLast();
  }

  @Test
  void shouldRefuseAStateFileThatIsOlderThanTheLog() {
    // given: somebody brought back a state file of a time before retention
    store.send("orders", 0, "first");
    store.writeState();
    long old = store.states.oldestPosition() + store.state.store.log().end();
    store.files.rename(stateFile(old), STATE.resolve("copy"));
    store.fillSegment("orders", 0);
    store.writeState();
    store.send("orders", 0, "later");
    store.writeState();
    store.retain(TestStore.SEGMENT_BYTES);
    store.stop();
    List<String> newer =
        store.files.list(STATE).stream().filter(n -> n.endsWith("state")).toList();
    newer.forEach(name -> store.files.delete(STATE.resolve(name)));
    store.files.rename(STATE.resolve("copy"), stateFile(old));

    // when // then
    assertThatThrownBy(store::start)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("position " + old)
        .hasMessageContaining("begins at " + TestStore.SEGMENT_BYTES);
    assertThat(store.files.exists(stateFile(old))).isTrue();
  }

  @Test
  void shouldCountTheNextStateFileFromTheLastOneAfterACrash() {
    // given
    store.send("orders", 0, "first");
    store.writeState();
    long written = store.state.store.log().end();
    store.send("orders", 0, "second");
    store.kill();

    // when
    store.start();

    // then: and not from the log's end, or a broker that dies early never writes one
    assertThat(store.state.upkeep().states().lastPosition()).isEqualTo(written);
  }

  @Test
  void shouldWriteNoStateFileWhenNothingCameSinceTheLastOne() {
    // given
    store.send("orders", 0, "first");
    store.stop();
    List<String> before = store.files.list(STATE);

    // when: only the log's own mark was added
    store.start();
    endInOrder();

    // then
    assertThat(store.files.list(STATE)).isEqualTo(before);
  }

  @Test
  void shouldWriteAStateFileAtAnOrderlyEndAfterACrashWithoutNewRecords() {
    // given
    store.send("orders", 0, "first");
    store.sync();
    store.kill();
    store.start();

    // when
    endInOrder();

    // then
    assertThat(store.files.exists(stateFile(store.state.store.log().end()))).isTrue();
  }

  @Test
  void shouldTakeTheStateFileBeforeWhenAViewThrowsAnything() {
    // given: the newest one has bytes that mean something else
    store.send("orders", 0, "first");
    store.writeState();
    store.send("orders", 0, "second");
    store.writeStateWith("transactions", out -> {
      out.writeInt(0); // no groups
      out.writeInt(1); // a half-message of the first one
      out.write(new byte[48]);
    });
    store.send("orders", 0, "third");
    store.kill();

    // when
    store.start();

    // then
    assertThat(store.read("orders", 0).values()).containsExactly("first", "second", "third");
    assertThat(store.files.list(STATE)).anyMatch(name -> name.endsWith(".rejected"));
  }

  @Test
  void shouldRefuseAStateFileOfANewerVersionAndKeepItsName() {
    // given
    store.send("orders", 0, "first");
    store.writeState();
    store.send("orders", 0, "second");
    store.writeStateWith("priorities", out -> out.writeInt(1));
    store.state.close();
    List<String> before = store.files.list(STATE);

    // when // then
    assertThatThrownBy(store::start)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NEWER))
        .hasMessageContaining("written by a newer version");
    assertThat(store.files.list(STATE)).isEqualTo(before);
  }

  @Test
  void shouldReadTopicsThatAreAboveTheLimitsOfToday() {
    // given: a limit that was lowered since
    store.rule(recorder -> recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(1, Topic.of("wide", Topic.MOST_QUEUES + 1, Topic.READ))));
    store.sync();
    store.kill();

    // when: from the log, then from a state file
    store.start();
    assertThat(store.state.topics.catalog().find("wide").queues()).isEqualTo(Topic.MOST_QUEUES + 1);
    store.stop();
    store.start();

    // then
    assertThat(store.state.topics.catalog().find("wide").queues()).isEqualTo(Topic.MOST_QUEUES + 1);
  }

  @Test
  void shouldWriteEachViewInTheFormatThatItReads() {
    for (View view : store.state.upkeep().stored()) {
      Image image = view.image();
      assertThat(image.format()).as(view.name()).isEqualTo(view.format());
    }
  }

  /** An image as a view of this version would write it, under the next version. */
  private record Newer(Image image) implements Image {

    @Override
    public void writeTo(DataOutput out) throws IOException {
      image.writeTo(out);
    }

    @Override
    public int format() {
      return image.format() + 1;
    }
  }

  @Test
  void shouldRefuseEachViewOfANewerVersion() {
    for (View newer : store.state.upkeep().stored()) {
      // given
      TestStore other = new TestStore(2);
      other.send("orders", 0, "first");
      Image image = other.images().get(newer.name());
      other.writeStateWith(newer.name(), new Newer(image));
      other.state.close();

      // when // then
      assertThatThrownBy(other::start)
          .as(newer.name())
          .hasMessageContaining("its view " + newer.name() + " has format")
          .hasMessageContaining("written by a newer version");
    }
  }

  private static Path stateFile(long position) {
    return STATE.resolve("%020d.state".formatted(position));
  }
}
