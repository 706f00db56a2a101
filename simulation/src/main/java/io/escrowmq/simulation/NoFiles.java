package io.escrowmq.simulation;

import io.escrowmq.client.core.LocalFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** For applications that keep nothing on their own machine: no simulated one broadcasts. */
final class NoFiles implements LocalFiles {

  @Override
  public byte @Nullable [] read(Path file) {
    return null;
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    throw new IOException("no file was to be written: " + file);
  }
}
