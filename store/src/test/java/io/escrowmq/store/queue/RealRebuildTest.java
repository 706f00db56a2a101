package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RealFileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RealRebuildTest extends RebuildContract {

  @TempDir
  private Path directory;

  @Override
  FileSystem files(int seed) {
    return new RealFileSystem();
  }

  @Override
  Path directory(int seed) {
    return directory.resolve("run" + seed);
  }

  @Override
  void crash(FileSystem files) {
    // the views are left as they are, and new ones opened: as after kill -9
  }

  @Override
  int runs() {
    return 3;
  }
}
