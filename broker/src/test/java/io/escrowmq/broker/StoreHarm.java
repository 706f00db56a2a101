package io.escrowmq.broker;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Harms files of a store in any way, and remembers what cannot be there any more. */
final class StoreHarm {

  private static final List<String> KINDS =
      List.of("log", "log", "log", "state", "queues", "queues", "keys", "keys");

  private final TestStore store;
  private final Random random;
  private final List<long[]> lost = new ArrayList<>(); // positions, from and to
  private final List<String> told = new ArrayList<>();
  private boolean sparesTheNewestState = true;

  StoreHarm(TestStore store, Random random) {
    this.store = store;
    this.random = random;
  }

  /** Whether bytes between these positions were harmed. */
  boolean hits(long[] range) {
    return lost.stream().anyMatch(it -> range[0] < it[1] && range[1] > it[0]);
  }

  boolean sparesTheNewestState() {
    return sparesTheNewestState;
  }

  Path segmentOf(long position) {
    long start = position / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES;
    return TestStore.DIRECTORY.resolve("log").resolve("%020d.log".formatted(start));
  }

  int stateFiles() {
    return (int) store.files.list(TestStore.DIRECTORY.resolve("state")).stream()
        .filter(name -> name.matches("\\d{20}\\.state"))
        .count();
  }

  /** What is in the files now. */
  Map<Path, String> contents() {
    Map<Path, String> all = new TreeMap<>();
    for (String kind : List.of("log", "state", "queues", "keys")) {
      Path directory = TestStore.DIRECTORY.resolve(kind);
      for (String name : store.files.list(directory)) {
        try (StoreFile file = store.files.open(directory.resolve(name))) {
          ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
          file.read(bytes, 0);
          all.put(directory.resolve(name), bytes.capacity() + " " + Arrays.hashCode(bytes.array()));
        }
      }
    }
    return all;
  }

  /** Harms one file of any kind. */
  void any() {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    Path directory = TestStore.DIRECTORY.resolve(kind);
    List<String> names = store.files.list(directory);
    if (names.isEmpty()) {
      told.add("nothing of " + kind);
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    Path file = directory.resolve(name);
    int size = size(store.files, file);
    int at = size == 0 ? 0 : random.nextInt(size);
    long to = size;
    switch (random.nextInt(5)) {
      case 0 -> {
        if (size > 0) {
          store.files.flipBit(file, at, random.nextInt(8));
        }
        told.add(file + " bit at " + at);
        to = at + 1L;
      }
      case 1 -> {
        truncate(store.files, file, at);
        told.add(file + " cut at " + at);
      }
      case 2 -> {
        to = Math.min(size, at + 4096L);
        write(store.files, file, at, new byte[(int) to - at]);
        told.add(file + " zeros from " + at);
      }
      case 3 -> {
        at = 0;
        store.files.delete(file);
        told.add(file + " deleted");
      }
      default -> {
        addForeign(directory, kind);
        return;
      }
    }
    noteLost(kind, name, at, to, size);
  }

  private void addForeign(Path directory, String kind) {
    Path foreign = directory.resolve(
        kind.equals("log") && random.nextBoolean()
            ? "%020d.log".formatted(8 + random.nextInt(1_000_000))
            : "notes.txt");
    byte[] bytes = new byte[random.nextInt(2000)];
    random.nextBytes(bytes);
    if (!store.files.exists(foreign)) {
      write(store.files, foreign, 0, bytes);
      told.add("a foreign file " + foreign);
    }
  }

  private void noteLost(String kind, String name, long at, long to, int size) {
    if (kind.equals("state") && name.endsWith(".state")) {
      sparesTheNewestState = false;
    }
    if (kind.equals("log") && name.matches("\\d{20}\\.log")) {
      long start = Long.parseLong(name.substring(0, 20));
      lost.add(new long[] {start + at, start + (to == size ? TestStore.SEGMENT_BYTES : to)});
    }
  }

  private static int size(FileSystem files, Path path) {
    try (StoreFile file = files.open(path)) {
      return (int) file.size();
    }
  }

  static void truncate(FileSystem files, Path path, long size) {
    try (StoreFile file = files.open(path)) {
      file.truncate(size);
      file.sync();
    }
  }

  private static void write(FileSystem files, Path path, long at, byte[] bytes) {
    try (StoreFile file = files.open(path)) {
      file.write(ByteBuffer.wrap(bytes), at);
      file.sync();
    }
  }

  @Override
  public String toString() {
    return told.toString();
  }
}
