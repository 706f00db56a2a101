package io.escrowmq.store.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeyIndexTest {

  private static final Path DIRECTORY = Path.of("/store/keys");
  private static final long EVER = Long.MAX_VALUE;

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();
  private final KeyIndex keys = open(100);

  @Test
  void shouldFindOlderPositionsInPlaceOfThoseThatTheReaderMayNotSee() {
    // given
    long key = KeyIndex.hash("orders", "order-17");
    for (int i = 0; i < 100; i++) {
      keys.add(key, i, i);
    }

    // when // then
    assertThat(keys.find(key, 0, EVER, 60, 3)).containsExactly(59, 58, 57);
    assertThat(keys.find(key, 0, EVER, 0, 3)).isEmpty();
  }

  @Test
  void shouldFindNewestFirstInMemoryAndInRuns() {
    // given
    long key = KeyIndex.hash("orders", "order-17");
    for (int i = 0; i < 1000; i++) {
      keys.add(i % 10 == 0 ? key : KeyIndex.hash("orders", "order" + i), i * 64L, i);
      if (i == 450) {
        work();
      }
    }

    // when
    long[] all = keys.find(key, 0, EVER, Long.MAX_VALUE, 1000);
    long[] some = keys.find(key, 0, EVER, Long.MAX_VALUE, 3);
    long[] within = keys.find(key, 100, 130, Long.MAX_VALUE, 1000);

    // then
    assertThat(all).hasSize(100).startsWith(990 * 64, 980 * 64).endsWith(10 * 64, 0);
    assertThat(some).containsExactly(990 * 64, 980 * 64, 970 * 64);
    assertThat(within).containsExactly(130 * 64, 120 * 64, 110 * 64, 100 * 64);
    assertThat(keys.find(KeyIndex.hash("orders", "order-18"), 0, EVER, Long.MAX_VALUE, 10))
        .isEmpty();
    assertThat(files.list(DIRECTORY)).isNotEmpty();
  }

  @Test
  void shouldFindEveryKeyOfLargeRuns() {
    // given
    KeyIndex large = open(32_768);
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      large.add(KeyIndex.hash("orders", "k" + i), i, i);
    }
    work();

    // when // then
    for (int i = 0; i < count; i += 7) {
      assertThat(large.find(KeyIndex.hash("orders", "k" + i), 0, EVER, Long.MAX_VALUE, 10))
          .containsExactly(i);
    }
  }

  @Test
  void shouldFindAllOfOneKeyThatFillsManyPages() {
    // given
    KeyIndex large = open(10_000);
    long key = KeyIndex.hash("orders", "same");
    for (int i = 0; i < 10_001; i++) {
      large.add(i % 4 == 3 ? KeyIndex.hash("orders", "k" + i) : key, i, i);
    }
    work();

    // when
    long[] found = large.find(key, 0, EVER, Long.MAX_VALUE, 1_000_000);

    // then
    assertThat(found).hasSize(7501).startsWith(10_000, 9998, 9997, 9996, 9994);
    assertThat(Arrays.stream(found).boxed().toList())
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void shouldAnswerAtTheEndsOfTheHashRange() {
    // given
    long[] hashes = {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE, 0x7FFF, 0x8000, -0x8000, -0x8001};
    for (int i = 0; i < 200; i++) {
      keys.add(hashes[i % hashes.length], i, i);
    }
    work();

    for (int h = 0; h < hashes.length; h++) {
      // when
      long[] found = keys.find(hashes[h], 0, EVER, Long.MAX_VALUE, 1000);

      // then
      assertThat(found).hasSize((200 - h + hashes.length - 1) / hashes.length);
    }
  }

  @Test
  void shouldGoOnWhileTheBackgroundLags() {
    // given // when: nobody works for the background
    for (int i = 0; i < 5000; i++) {
      keys.add(KeyIndex.hash("orders", "k" + i), i, i);
    }

    // then
    for (int i = 0; i < 5000; i += 11) {
      assertThat(keys.find(KeyIndex.hash("orders", "k" + i), 0, EVER, Long.MAX_VALUE, 10))
          .containsExactly(i);
    }
    assertThat(background.size()).isLessThan(60);
  }

  @Test
  void shouldLoseOnlyTheOldestKeysWhileTheDiskIsFull() {
    // given
    files.createDirectories(DIRECTORY);
    files.capacity(0);

    // when
    for (int i = 0; i < 5000; i++) {
      keys.add(KeyIndex.hash("orders", "k" + i), i, i);
      work();
    }
    files.capacity(Long.MAX_VALUE);
    for (int i = 5000; i < 5100; i++) {
      keys.add(KeyIndex.hash("orders", "k" + i), i, i);
      work();
    }

    // then
    assertThat(keys.find(KeyIndex.hash("orders", "k10"), 0, EVER, Long.MAX_VALUE, 10))
        .isEmpty();
    for (int i = 4300; i < 5100; i++) {
      assertThat(keys.find(KeyIndex.hash("orders", "k" + i), 0, EVER, Long.MAX_VALUE, 10))
          .containsExactly(i);
    }
    assertThat(files.list(DIRECTORY)).isNotEmpty();
  }

  @Test
  void shouldForgetWithTheLog() {
    // given
    KeyIndex small = KeyIndex.open(files, DIRECTORY, new KeySettings(100, 9000), background::add);
    long key = KeyIndex.hash("orders", "same");
    for (int i = 0; i < 3000; i++) {
      small.add(i % 10 == 0 ? key : i, i, i);
    }
    work();
    int before = files.list(DIRECTORY).size();

    // when
    small.forgetBefore(1995);
    long[] atOnce = small.find(key, 0, EVER, Long.MAX_VALUE, 1000);
    work();
    long[] later = small.find(key, 0, EVER, Long.MAX_VALUE, 1000);

    // then
    assertThat(atOnce).hasSize(100).endsWith(2000).isEqualTo(later);
    assertThat(files.list(DIRECTORY)).hasSizeLessThan(before / 2);
  }

  @Test
  void shouldRefuseWhatADamagedRunIsNeededForUntilItIsMadeAgain() {
    // given: records with several keys, so that two runs share one
    long key = KeyIndex.hash("orders", "same");
    for (int i = 0; i < 301; i++) {
      keys.add(i % 10 == 0 ? key : i, i / 3, i / 3);
    }
    work();
    long[] before = keys.find(key, 0, EVER, Long.MAX_VALUE, 100);
    long[] newest = keys.find(key, 0, EVER, Long.MAX_VALUE, 5);

    // when: the second of three runs
    files.flipBit(DIRECTORY.resolve("00000001.runs"), 4096 + 100, 1);

    // then: what does not need it is answered
    assertThatThrownBy(() -> keys.find(key, 0, EVER, Long.MAX_VALUE, 100))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
        .hasMessageContaining("try again");
    assertThat(keys.find(key, 0, EVER, Long.MAX_VALUE, 5)).isEqualTo(newest);
    assertThat(keys.everDamaged()).isOne();

    // when
    RunRebuild rebuild = keys.rebuild(keys.damaged());
    for (int i = 0; i < 301; i++) {
      if (rebuild.wants(i / 3)) {
        rebuild.offer(i % 10 == 0 ? key : i, i / 3, i / 3);
      }
    }

    // then
    assertThat(rebuild.finish()).isZero();
    assertThat(keys.find(key, 0, EVER, Long.MAX_VALUE, 100)).isEqualTo(before);
    assertThat(keys.findDamaged()).isEmpty();
  }

  @Test
  void shouldSayHowManyKeysTheLogDoesNotHaveAnyMore() {
    // given
    for (int i = 0; i < 301; i++) {
      keys.add(i, i, i);
    }
    work();
    files.flipBit(DIRECTORY.resolve("00000001.runs"), 100, 1);
    RunRebuild rebuild = keys.rebuild(keys.findDamaged());

    // when: the log has lost a part
    for (int i = 0; i < 70; i++) {
      rebuild.offer(i, i, i);
    }

    // then
    assertThat(rebuild.finish()).isEqualTo(30);
    assertThat(keys.find(69, 0, EVER, Long.MAX_VALUE, 100)).containsExactly(69);
    assertThat(keys.find(70, 0, EVER, Long.MAX_VALUE, 100)).isEmpty();
    assertThat(keys.findDamaged()).isEmpty();
  }

  @Test
  void shouldBeRestoredWithoutRunsThatAreGoneAndNoteThem() throws IOException {
    // given
    KeyIndex small = KeyIndex.open(files, DIRECTORY, new KeySettings(100, 4096), background::add);
    long key = KeyIndex.hash("orders", "same");
    for (int i = 0; i < 350; i++) {
      small.add(i % 10 == 0 ? key : i, i, i);
    }
    work();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    small.image().writeTo(new DataOutputStream(image));
    files.delete(DIRECTORY.resolve("00000002.runs"));

    // when
    KeyIndex restored = open(100);
    restored.restore(new DataInputStream(new ByteArrayInputStream(image.toByteArray())));

    // then
    assertThat(restored.find(key, 200, EVER, Long.MAX_VALUE, 100))
        .hasSize(15)
        .startsWith(340)
        .endsWith(200);
    assertThatThrownBy(() -> restored.find(key, 0, EVER, Long.MAX_VALUE, 100))
        .hasMessageContaining("try again");
    assertThat(restored.damaged()).singleElement().extracting(DamagedRun::keys).isEqualTo(100);
  }

  @Test
  void shouldTouchNoFileOnceItIsClosed() {
    // given
    for (int i = 0; i < 150; i++) {
      keys.add(i, i, i);
    }
    keys.forgetBefore(10);

    // when
    keys.close();
    work();

    // then
    assertThat(files.exists(DIRECTORY)).isFalse();
  }

  @Test
  void shouldHashBytesLikeStrings() {
    Random random = new Random(1);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      // given
      String key = "k".repeat(random.nextInt(20)) + "ä" + i;
      ByteBuffer bytes = ByteBuffer.allocate(100).put(5, key.getBytes(UTF_8));

      // when
      long hash = KeyIndex.hash(KeyIndex.seed("orders"), bytes, 5, key.getBytes(UTF_8).length);

      // then
      assertThat(hash).isEqualTo(KeyIndex.hash("orders", key));
      assertThat(hash).isNotEqualTo(KeyIndex.hash("bills", key));
      assertThat(seen.add(hash)).isTrue();
    }
  }

  @Test
  void shouldHashAsItAlwaysDid() {
    // on disk: these never change
    assertThat(KeyIndex.hash("orders", "order-17")).isEqualTo(-1137646339889856193L);
    assertThat(KeyIndex.hash("", "")).isEqualTo(-4012366869033333048L);
    assertThat(KeyIndex.hash("TopicTest", "7F000001000018B4AAC2895B2A7F0000"))
        .isEqualTo(2773508794831576466L);
  }

  private KeyIndex open(int runEntries) {
    return KeyIndex.open(files, DIRECTORY, new KeySettings(runEntries, 64 << 20), background::add);
  }

  private void work() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }
}
