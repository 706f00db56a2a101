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

  private static void assertHolds(KeyWindow window, Map<UniqueKey, Long> model, long seed) {
    for (int high = 0; high < 40; high++) {
      for (int low = 0; low < 10; low++) {
        UniqueKey key = new UniqueKey(high, low);
        Long expected = model.get(key);
        int index = window.find(key);
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
