package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.View;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Everything that a broker reads from its disk. A start refuses what it cannot read with a sentence, and a
 * repair gets on with what is left, whatever there is in files.
 */
class StoreFuzzTest extends FuzzContract {

  private static final String TOPIC = "orders";
  private static final int MESSAGES = 40;

  @Override
  protected int rounds() {
    return 60;
  }

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(images(), files());
  }

  /** What a view is restored from, in a whole state file: the view's number, its bytes. */
  private static FuzzTarget images() {
    FuzzTarget target = FuzzTarget.of("view-images", input -> {
          if (input.length > 1) {
            TestStore store = filled();
            List<View> views = store.state.upkeep().stored();
            View view = views.get((input[0] & 0xFF) % views.size());
            store.writeStateWith(
                view.name(), image(view, Arrays.copyOfRange(input, 1, input.length)));
            store.kill();
            try {
              store.start(); // on an older state file, or on the log alone, when this one makes no
              // sense
            } catch (StorageException | IllegalArgumentException refused) {
              assertThat(refused).hasMessageMatching("(?s)[^:]+ .+"); // a sentence
            }
          }
        })
        .taking(256 << 20, 1_000);
    TestStore store = filled();
    List<View> views = store.state.upkeep().stored();
    for (int i = 0;
        i < views.size();
        i++) { // each with a number at its beginning that promises much
      byte[] much = {(byte) i, 0x08, 0, 0, 0, 0x5c, 0, 0, 0, 1};
      target = target.reading(much);
    }
    for (int i = 0; i < views.size(); i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(i);
      try {
        views.get(i).image().writeTo(new DataOutputStream(bytes));
      } catch (IOException e) {
        throw new IllegalStateException(e); // memory does not fail so
      }
      target = target.reading(bytes.toByteArray());
    }
    return target;
  }

  /** Bytes written over those of any file: file, two bytes of place, how many, the bytes; and again. */
  private static FuzzTarget files() {
    return FuzzTarget.of("store-files", input -> {
          TestStore store = filled();
          store.stop();
          damage(store, ByteBuffer.wrap(input));
          startOrRepair(store);
        })
        .reading(new byte[] {0, 0, 40, 2, -1, -1, 1, 0, 20, 1, 7})
        .taking(256 << 20, 1_000);
  }

  private static TestStore filled() {
    TestStore store = new TestStore(1, 1 << 20); // small chunks and runs
    store.createTopic(TOPIC, 2);
    for (int i = 0; i < MESSAGES; i++) {
      store.send(TOPIC, i % 2, "body " + i);
    }
    store.sendDelayed(TOPIC, 0, "later", 100_000);
    store.writeState();
    store.send(TOPIC, 0, "last");
    store.sync();
    return store;
  }

  private static void damage(TestStore store, ByteBuffer edits) {
    List<Path> files = filesOf(store);
    while (edits.remaining() >= 4) {
      Path path = files.get((edits.get() & 0xFF) % files.size());
      int at = edits.getShort() & 0xFFFF;
      ByteBuffer bytes = ByteBuffer.allocate(Math.min(edits.get() & 0xFF, edits.remaining()));
      edits.get(bytes.array());
      try (StoreFile file = store.files.open(path)) {
        long size = file.size();
        if (size > 0 && bytes.capacity() > 0) {
          file.write(bytes, at % size);
          file.sync();
        }
      }
    }
  }

  private static List<Path> filesOf(TestStore store) {
    List<Path> files = new ArrayList<>();
    for (String kind : List.of("log", "state", "queues", "keys")) {
      Path directory = TestStore.DIRECTORY.resolve(kind);
      store.files.list(directory).forEach(name -> files.add(directory.resolve(name)));
    }
    return files;
  }

  private static Image image(View view, byte[] bytes) {
    return new Image() {
      @Override
      public void writeTo(DataOutput out) throws IOException {
        out.write(bytes);
      }

      @Override
      public int format() {
        return view.format();
      }
    };
  }

  /** Starts on what there is; if that is refused, on what a repair leaves. Then it works. */
  private static void startOrRepair(TestStore store) {
    try {
      store.start();
    } catch (StorageException refused) {
      if (refused.reason() != StorageException.Reason.CORRUPT) {
        assertThat(refused.reason()).as("%s", refused).isEqualTo(StorageException.Reason.NEWER);
        return;
      }
      assertThat(refused).hasMessageContaining("repair");
      new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings()).repair();
      store.start();
    }
    store.settle();
    if (store.state.topics.catalog().find(TOPIC) == null) {
      store.createTopic(TOPIC, 2);
    }
    store.send(TOPIC, 1, "after");
    assertThat(read(store)).containsValue("after");
    TestLog.settle(store.loop);
    store.stop();
    store.start();
    assertThat(read(store)).containsValue("after");
    store.stop();
  }

  // What is found damaged of a queue's index is made again from the log, and read then.
  private static Map<Long, String> read(TestStore store) {
    try {
      return store.readWhatIsWhole(TOPIC, 1);
    } catch (StorageException damaged) {
      assertThat(damaged).hasMessageContaining("is being made again from the log");
      QueueRebuild rebuild = new QueueRebuild(store.state.store.log(), store.state.store.queues());
      for (int i = 0; i < MESSAGES; i++) {
        rebuild.onTick();
      }
      return store.readWhatIsWhole(TOPIC, 1);
    }
  }
}
