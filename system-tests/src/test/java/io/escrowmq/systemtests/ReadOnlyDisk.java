package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system that becomes read-only while it is written to, as ext4 does when it meets an error: a real one in
 * a file, that only one process sees, in a mount namespace of its own. It takes the rights of root. Owner: one test.
 */
final class ReadOnlyDisk implements StoreDisk {

  private static final long BYTES = 2L << 30; // the file is sparse
  private static final String MOUNT_AND_RUN =
      "mkdir -p \"$1\" && mount -t ext4 -o loop \"$0\" \"$1\" && shift && exec \"$@\"";

  private final Path image;
  private final Path mountPoint;

  private ReadOnlyDisk(Path directory) {
    this.image = directory.resolve("disk.ext4").toAbsolutePath();
    this.mountPoint = directory.resolve("tried").toAbsolutePath();
  }

  /** Makes it; aborts the test where that is not allowed. */
  static ReadOnlyDisk in(Path directory) {
    ReadOnlyDisk disk = new ReadOnlyDisk(directory);
    try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
      file.setLength(BYTES);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    assumeThat(run(List.of("mkfs.ext4", "-q", "-F", disk.image.toString())))
        .as("mkfs.ext4 is installed")
        .isEmpty();
    List<String> mounting = new ArrayList<>(disk.launcher(disk.mountPoint));
    mounting.add("true");
    assumeThat(run(mounting))
        .as("a file may be mounted in a mount namespace here")
        .isEmpty();
    disk.awaitUnmounted();
    return disk;
  }

  @Override
  public List<String> launcher(Path store) {
    return List.of(
        "unshare",
        "--mount",
        "sh",
        "-c",
        MOUNT_AND_RUN,
        image.toString(),
        store.toAbsolutePath().toString());
  }

  /** What ext4 does by itself after an error: the journal ends, and nothing more is written. */
  void becomeReadOnly(ServerProcess server, Path store) {
    String said = run(List.of(
        "nsenter",
        "--target",
        Long.toString(server.pid()),
        "--mount",
        "mount",
        "-o",
        "remount,abort",
        store.toAbsolutePath().toString()));
    if (!said.isEmpty()) {
      throw new IllegalStateException(said);
    }
  }

  /** Waits until the process that had it has let go of it. */
  void awaitUnmounted() {
    within(20)
        .until(() -> run(List.of("losetup", "--associated", image.toString())).isEmpty());
  }

  // What it said, which is nothing when all went well.
  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      return code == 0 || !said.isEmpty() ? said : command.get(0) + " ended with " + code;
    } catch (IOException missing) {
      return String.valueOf(missing.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
