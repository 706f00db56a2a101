package io.escrowmq.broker.recent;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.message.UniqueIds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyWindowTest {

  private static final long SALT = 42;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldKnowTheLatestKeysAndNoOthersLikeAModel(long seed) throws IOException {
    // given
    Random random = new Random(seed);
    int most = 1 + random.nextInt(200);
    KeyWindow window = new KeyWindow(most, SALT);
    Map<UniqueKey, Long> model = new LinkedHashMap<>();

    for (int step = 0; step < 3_000; step++) {
      // when
      UniqueKey key =
          new UniqueKey(random.nextInt(40), random.nextInt(10)); // few, so that they meet
      long position = step;
      if (!model.containsKey(key) && model.size() == most) {
        model.remove(model.keySet().iterator().next());
      }
      model.put(key, position);
      window.add(key, position, step & 7, position + 1, true);

      // then
      assertThat(window.size()).as("seed %s step %s", seed, step).isEqualTo(model.size());
      if (step % 50 == 0) {
        assertHolds(window, model, seed);
        assertHolds(written(window, most), model, seed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldKnowTheLatestKeysThoughItGrowsWhileItForgets(long seed) {
    // given
    Random random = new Random(seed);
    int most = 30_000;
    KeyWindow window = new KeyWindow(most, SALT);
    Map<UniqueKey, Long> model = new LinkedHashMap<>();

    // when: it grows now and then only, wherever its oldest entry lies in the ring
    for (int step = 0; step < 100_000; step++) {
      UniqueKey key = new UniqueKey(random.nextInt(200), random.nextInt(300));
      boolean mayGrow = random.nextInt(3_000) == 0;
      boolean isFull = window.size() == most || (window.size() == window.places() && !mayGrow);
      if (isFull && !model.containsKey(key)) {
        model.remove(model.keySet().iterator().next());
      }
      model.put(key, (long) step);
      window.add(key, step, step & 7, step + 1L, mayGrow);
    }

    // then
    assertThat(window.size()).as("seed %s", seed).isEqualTo(model.size()).isGreaterThan(10_000);
    for (int high = 0; high < 200; high++) {
      for (int low = 0; low < 300; low++) {
        UniqueKey key = new UniqueKey(high, low);
        long found = window.find(key);
        Long expected = model.get(key);
        assertThat(found < 0 ? null : (Long) window.position(found))
            .as("seed %s %s", seed, key)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldMoveABoundedNumberOfEntriesAtOnceHoweverManyItRemembers() {
    // given
    int most = 600_000;
    KeyWindow window = new KeyWindow(most, SALT);

    // when
    int mostMoved = 0;
    for (int i = 0; i < 2 * most; i++) {
      mostMoved = Math.max(mostMoved, window.add(new UniqueKey(i, -i), i, 0, i, true));
    }

    // then
    assertThat(mostMoved).isLessThan(3 * 4_096);
    assertThat(window.size()).isEqualTo(most);
    assertThat(window.find(new UniqueKey(most - 1, 1 - most))).isNegative();
    assertThat(window.position(window.find(new UniqueKey(most, -most)))).isEqualTo(most);
  }

  private static void assertHolds(KeyWindow window, Map<UniqueKey, Long> model, long seed) {
    for (int high = 0; high < 40; high++) {
      for (int low = 0; low < 10; low++) {
        UniqueKey key = new UniqueKey(high, low);
        Long expected = model.get(key);
        long index = window.find(key);
        assertThat(index >= 0).as("seed %s %s", seed, key).isEqualTo(expected != null);
        if (expected != null) {
          assertThat(window.position(index)).isEqualTo(expected);
          assertThat(window.queueId(index)).isEqualTo((int) (expected & 7));
          assertThat(window.queueOffset(index)).isEqualTo(expected + 1);
        }
      }
    }
  }

  private static KeyWindow written(KeyWindow window, int most) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WindowImage image = window.beginImage();
    image.take(Integer.MAX_VALUE);
    image.writeTo(new DataOutputStream(bytes));
    KeyWindow read = new KeyWindow(most, SALT);
    read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(read.bytes()).isEqualTo(window.bytes());
    return read;
  }

  @Test
  void shouldTakeTheKeysThatClientsMakeAsTheyAreAndDigestOthers() {
    assertThat(UniqueKey.of("7F000001000118B4AAC2000000000001"))
        .isEqualTo(new UniqueKey(0x7F000001000118B4L, 0xAAC2000000000001L));
    assertThat(UniqueKey.of("7f000001000118b4aac2000000000001"))
        .isNotEqualTo(UniqueKey.of("7F000001000118B4AAC2000000000001"));
    assertThat(UniqueKey.of("order-17")).isEqualTo(UniqueKey.of("order-17"));
    assertThat(UniqueKey.of("order-17")).isNotEqualTo(UniqueKey.of("order-18"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 20, 300})
  void shouldSpreadTheKeysOfOneClient(int keysOfAMilli) throws UnknownHostException {
    // given
    AtomicLong millis = new AtomicLong(1_790_000_000_000L);
    UniqueIds client = new UniqueIds(
        InetAddress.getByName("10.0.0.7"), 4711, 23, () -> Instant.ofEpochMilli(millis.get()));
    int mask = (1 << 16) - 1;
    BitSet taken = new BitSet();

    // when
    for (int i = 0; i <= mask; i++) {
      if (i % keysOfAMilli == 0) {
        millis.incrementAndGet();
      }
      taken.set(UniqueKey.of(client.next()).hash(SALT) & mask);
    }

    // then
    double expected = (1 - 1 / Math.E) * (mask + 1); // of as many keys as slots, by chance
    assertThat((double) taken.cardinality()).isGreaterThan(0.97 * expected);
  }
}
