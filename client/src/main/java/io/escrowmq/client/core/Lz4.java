package io.escrowmq.client.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** LZ4 frames; the only class that needs the library. */
final class Lz4 {

  private Lz4() {}

  static OutputStream into(OutputStream out) throws IOException {
    return new LZ4FrameOutputStream(out);
  }

  static InputStream from(InputStream in) throws IOException {
    return new LZ4FrameInputStream(in);
  }
}
