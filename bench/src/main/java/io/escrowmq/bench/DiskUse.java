package io.escrowmq.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a directory takes on disk. Immutable.
 *
 * @param allocatedBytes blocks that the file system has set aside, preallocated ones included
 * @param apparentBytes sum of the file lengths, holes and preallocated space included
 */
record DiskUse(long allocatedBytes, long apparentBytes) {

  /** Asks {@code du}, after what is still in memory was given its blocks. */
  static DiskUse of(Path directory) throws IOException, InterruptedException {
    sync(directory);
    return new DiskUse(du(directory), du(directory, "--apparent-size"));
  }

  /** Has everything written that the file system of this directory still keeps in memory. */
  static void sync(Path directory) throws IOException, InterruptedException {
    run(List.of("sync", "-f", directory.toString()));
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(DiskUse::deleteOne);
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long du(Path directory, String... options)
      throws IOException, InterruptedException {
    List<String> command = Stream.of(
            Stream.of("du", "-s", "-B1"), Stream.of(options), Stream.of(directory.toString()))
        .flatMap(words -> words)
        .toList();
    String out = run(command);
    return Long.parseLong(out.substring(0, out.indexOf('\t')));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
