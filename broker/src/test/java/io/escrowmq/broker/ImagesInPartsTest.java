package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.store.Image;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that is taken a part a turn is what the view was when it was begun, whatever comes meanwhile. */
class ImagesInPartsTest {

  private static final int MANY = 3_000; // several parts

  private final TestStore store = new TestStore(1);
  private final RequestTable requests = store.state.requests();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldBeTheImageOfTheMomentWhenItWasBegun(long seed) throws IOException {
    // given
    Random random = new Random(seed);
    fill();
    Map<String, byte[]> whole = new LinkedHashMap<>();
    for (View view : store.state.upkeep().stored()) {
      whole.put(view.name(), bytes(view, view.image()));
    }
    Map<View, Image> begun = new LinkedHashMap<>();
    store.state.upkeep().stored().forEach(view -> begun.put(view, view.beginImage()));

    // when
    List<Image> left = new ArrayList<>(begun.values());
    int turns = 0;
    while (!left.isEmpty()) {
      for (int i = random.nextInt(40); i > 0; i--) {
        change(random);
      }
      left.removeIf(Image::take);
      turns++;
    }
    for (int i = 0; i < 40; i++) { // an image that is whole changes no more
      change(random);
    }

    // then
    assertThat(turns).as("parts").isGreaterThan(2);
    for (Map.Entry<View, Image> one : begun.entrySet()) {
      View view = one.getKey();
      assertThat(bytes(view, one.getValue())).as(view.name()).isEqualTo(whole.get(view.name()));
      assertThat(bytes(view, view.image()).length).as(view.name()).isPositive();
    }
  }

  private void fill() {
    store.rule(recorder -> {
      for (int i = 0; i < MANY; i++) {
        topic(recorder, i, 2);
      }
    });
    for (int i = 0; i < MANY; i++) {
      group(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, i, i % 5);
      store.state.offsets.offsets().report("group-" + i % 50, "topic-" + i, 0, i);
    }
    store.rule(recorder -> store.state.offsets.offsets().recordNow(recorder));
  }

  private void change(Random random) {
    int some = random.nextInt(MANY + 100);
    switch (random.nextInt(7)) {
      case 0 -> store.rule(recorder -> topic(recorder, some, 1 + random.nextInt(4)));
      case 1 -> store.deleteTopic("topic-" + some);
      case 2 -> group(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, some, random.nextInt(9));
      case 3 -> group(RequestCode.DELETE_SUBSCRIPTIONGROUP, some, 0);
      case 4 -> {
        store
            .state
            .offsets
            .offsets()
            .report("group-" + random.nextInt(60), "topic-" + some, random.nextInt(2), some + 1L);
        store.rule(recorder -> store.state.offsets.offsets().recordNow(recorder));
      }
      case 5 -> {
        store.rule(recorder -> topic(recorder, some, 1));
        store.send("topic-" + some, 0, "m" + random.nextLong());
      }
      default -> store.state.offsets.offsets().pulling("group-1", "topic-" + some, 0, 0);
    }
  }

  private static void topic(Recorder recorder, int number, int queues) {
    Topic topic = Topic.of("topic-" + number, queues, Topic.READ | Topic.WRITE);
    recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), topic));
  }

  private void group(RequestCode code, int number, int retries) {
    requests.dispatch(new FakeCall(code, new FakeConnection(1))
        .with("groupName", "group-" + number)
        .with("cleanOffset", "true")
        .withBody("{\"groupName\":\"group-" + number + "\",\"retryMaxTimes\":" + retries + "}"));
    store.settle();
  }

  private static byte[] bytes(View view, Image image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.writeTo(new DataOutputStream(bytes));
    return view.name().equals("delayed") ? sorted(bytes.toByteArray()) : bytes.toByteArray();
  }

  // What waits stands in no order.
  private static byte[] sorted(byte[] rows) {
    Arrays.sort(rows);
    return rows;
  }
}
