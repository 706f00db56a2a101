package io.escrowmq.systemtests;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk of a few MiB that can really be full: a tmpfs that only one process sees, in a user and mount namespace of
 * its own, so that no rights are needed and nothing is left behind. It is gone with the process. Owner: one test.
 *
 * @param mebibytes its size
 */
record SmallDisk(int mebibytes) implements StoreDisk {

  private static final String MOUNT_AND_RUN =
      "mkdir -p \"$1\" && mount -t tmpfs -o size=\"$0\"m small \"$1\" && shift && exec \"$@\"";
  private static final String BALLAST = "ballast";

  /** Aborts the test where the system lets nobody make namespaces. */
  static void assumePossible() {
    try {
      Process tried = new ProcessBuilder(
              "unshare",
              "--user",
              "--map-root-user",
              "--mount",
              "sh",
              "-c",
              "mount -t tmpfs x /mnt")
          .redirectErrorStream(true)
          .start();
      boolean ended = tried.waitFor(10, TimeUnit.SECONDS);
      assumeThat(ended && tried.exitValue() == 0)
          .as("unshare may make user and mount namespaces here")
          .isTrue();
    } catch (IOException missing) {
      assumeThat(missing).as("unshare (util-linux) is installed").isNull();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public List<String> launcher(Path mountedAt) {
    return List.of(
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        MOUNT_AND_RUN,
        Integer.toString(mebibytes),
        mountedAt.toAbsolutePath().toString());
  }

  /** Takes room away from the store that lies on it. */
  static void addBallast(Path store, int mebibytes) {
    try {
      Files.write(store.resolve(BALLAST), new byte[mebibytes << 20]);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Takes all room that there is. */
  static void fill(Path store) {
    byte[] some = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(store.resolve(BALLAST))) {
      while (true) {
        out.write(some);
      }
    } catch (IOException full) {
      // what we wanted
    }
  }

  /** Gives it back. */
  static void dropBallast(Path store) {
    try {
      Files.delete(store.resolve(BALLAST));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
