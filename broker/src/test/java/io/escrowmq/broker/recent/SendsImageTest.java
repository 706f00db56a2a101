package io.escrowmq.broker.recent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that is taken in parts while sends go on is that of the moment when it was begun. */
class SendsImageTest {

  private static final long SALT = 42;

  private static final int TOPICS = 9;

  private final Map<String, KeyWindow> windows = new LinkedHashMap<>();
  private long position;
  private long images;
  private SendsImage latest; // told of what changes

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldBeTheStateOfTheMomentWhenItWasBegunWhateverHappensMeanwhile(long seed)
      throws IOException {
    // given: windows of several parts, of less than one, and some that forget with each send
    Random random = new Random(seed);
    int most = 100 + random.nextInt(SendsImage.ENTRIES_AT_ONCE);
    goOn(random, most, 2 * TOPICS * most);

    for (int round = 0; round < 4; round++) {
      // when
      byte[] expected = atOnce();
      SendsImage image = begin();
      do {
        goOn(random, most, random.nextInt(1_000));
      } while (!image.take());
      goOn(random, most, random.nextInt(1_000));

      // then
      assertThat(bytes(image)).as("seed %s round %s", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void shouldBeWholeAlthoughAnotherWasBegunBefore() throws IOException {
    // given
    Random random = new Random(1);
    goOn(random, 50, 700);
    byte[] expectedFirst = atOnce();
    SendsImage first = begin();
    goOn(random, 50, 100);

    // when
    byte[] expectedSecond = atOnce();
    first.whole(); // as its owner does
    SendsImage second = begin();
    goOn(random, 50, 100);

    // then
    second.whole();
    assertThat(bytes(first)).isEqualTo(expectedFirst);
    assertThat(bytes(second)).isEqualTo(expectedSecond);
  }

  @Test
  void shouldLookAtNoWindowWhenItIsBegunAndAtABoundedNumberInAPart() {
    // given
    for (int i = 0; i < 10_000; i++) {
      windows.put("topic-" + i, new KeyWindow(10, SALT));
    }

    // when
    SendsImage image = begin();
    long atTheBegin = looks();
    int parts = 0;
    long most = 0;
    for (boolean isWhole = false; !isWhole; parts++) {
      long before = looks();
      isWhole = image.take();
      most = Math.max(most, looks() - before);
    }

    // then
    assertThat(atTheBegin).isZero();
    assertThat(most).isLessThanOrEqualTo(SendsImage.ENTRIES_AT_ONCE / 4);
    assertThat(parts).isEqualTo(10);
  }

  private long looks() {
    return windows.values().stream().filter(window -> window.imaged == images).count();
  }

  @Test
  void shouldTakeABoundedPartAtATime() {
    // given
    KeyWindow window = new KeyWindow(Integer.MAX_VALUE, SALT);
    for (int i = 0; i < 4 * SendsImage.ENTRIES_AT_ONCE; i++) {
      window.add(new UniqueKey(i, i), i, 0, i, true);
    }
    windows.put("orders", window);
    SendsImage image = begin();

    // when
    int parts = 1;
    while (!image.take()) {
      parts++;
    }

    // then
    assertThat(parts).isEqualTo(4);
  }

  private SendsImage begin() {
    latest = new SendsImage(++images, windows, () -> latest = null);
    return latest;
  }

  private void goOn(Random random, int most, int changes) {
    for (int i = 0; i < changes; i++) {
      String topic = "t" + random.nextInt(TOPICS);
      if (random.nextInt(2_000) == 0) {
        windows.remove(topic);
        continue;
      }
      KeyWindow window = windows.computeIfAbsent(topic, name -> window(most));
      if (latest != null) {
        latest.changes(window);
      }
      // few keys, so that they meet those in the window
      UniqueKey key = new UniqueKey(random.nextInt(most), random.nextInt(3));
      window.add(key, position++, random.nextInt(8), position, random.nextInt(4) > 0);
    }
  }

  private KeyWindow window(int most) {
    KeyWindow window = new KeyWindow(most, SALT);
    window.imaged = images;
    return window;
  }

  // By copies of windows that nobody changes.
  private byte[] atOnce() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(windows.size());
    for (Map.Entry<String, KeyWindow> entry : windows.entrySet()) {
      out.writeUTF(entry.getKey());
      KeyWindow window = entry.getValue();
      out.writeInt(window.places());
      out.writeInt(window.size());
      for (WindowImage.Entry remembered : entries(window)) {
        out.writeLong(remembered.high());
        out.writeLong(remembered.low());
        out.writeLong(remembered.position());
        out.writeInt(remembered.queueId());
        out.writeLong(remembered.queueOffset());
      }
    }
    return bytes.toByteArray();
  }

  private static List<WindowImage.Entry> entries(KeyWindow window) {
    List<WindowImage.Entry> entries = new ArrayList<>();
    for (int i = 0; i < window.size(); i++) {
      entries.add(window.entry(window.firstNumber() + i));
    }
    return entries;
  }

  private static byte[] bytes(SendsImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
