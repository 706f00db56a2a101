package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.SimulatedFileSystem;
import java.nio.file.Path;

final class SimulatedRebuildTest extends RebuildContract {

  @Override
  FileSystem files(int seed) {
    return new SimulatedFileSystem(seed);
  }

  @Override
  Path directory(int seed) {
    return Path.of("/store");
  }

  @Override
  void crash(FileSystem files) {
    ((SimulatedFileSystem) files).crash();
  }

  @Override
  int runs() {
    return 25;
  }
}
