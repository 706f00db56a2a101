package io.escrowmq.client.core;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The door to the files of the client's own machine: each is small and replaced as a whole.
 *
 * <p>The caller is one thread at a time for a file. The implementation replaces all or nothing: if the process
 * stops while it does, the file is as before or as it was to be.
 */
public interface LocalFiles {

  /** What the file holds; null when there is none. */
  byte @Nullable [] read(Path file) throws IOException;

  /** Makes the file hold this, and its folder when there is none. */
  void replace(Path file, byte[] content) throws IOException;
}
