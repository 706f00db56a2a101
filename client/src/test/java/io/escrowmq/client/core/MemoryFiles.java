package io.escrowmq.client.core;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files that a test keeps, and may have fail. */
public final class MemoryFiles implements LocalFiles {

  private final Map<Path, byte[]> contents = new HashMap<>();
  private boolean fails;

  /** From now on nothing can be read or written. */
  public void fail() {
    fails = true;
  }

  @Override
  public byte @Nullable [] read(Path file) throws IOException {
    check(file);
    return contents.get(file);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    check(file);
    contents.put(file, content);
  }

  private void check(Path file) throws IOException {
    if (fails) {
      throw new IOException(file + " is on a disk that fails");
    }
  }
}
