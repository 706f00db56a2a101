package io.escrowmq.client.core;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Zstandard; the only class that needs the library. */
final class Zstandard {

  private Zstandard() {}

  static OutputStream into(OutputStream out) throws IOException {
    return new ZstdOutputStream(out);
  }

  static InputStream from(InputStream in) throws IOException {
    return new ZstdInputStream(in);
  }
}
