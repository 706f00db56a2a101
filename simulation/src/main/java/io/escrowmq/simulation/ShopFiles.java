package io.escrowmq.simulation;

import io.escrowmq.client.core.LocalFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of applications: they outlive crashes. */
final class ShopFiles implements LocalFiles {

  private final Map<Path, byte[]> files = new HashMap<>();

  @Override
  public byte @Nullable [] read(Path file) {
    byte[] content = files.get(file);
    return content == null ? null : content.clone();
  }

  @Override
  public void replace(Path file, byte[] content) {
    files.put(file, content.clone());
  }
}
