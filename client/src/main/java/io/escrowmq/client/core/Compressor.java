package io.escrowmq.client.core;

import io.escrowmq.client.Compression;
import io.escrowmq.remoting.message.BadMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Makes bodies smaller, and large again. The bits of a message's sysFlag tell how. Any thread.
 *
 * <p>LZ4 and Zstandard are other people's libraries, which need not be there: asking for one that is
 * not there ends with an {@link IllegalStateException} that names it.
 */
public final class Compressor {

  /** What a body may become at most: a short one must not be able to take all memory. */
  private static final int MOST_EXPANDED_BYTES = 64 << 20;

  private static final int COMPRESSED = 0x1;
  private static final int KIND = 0x700;
  private static final int LZ4 = 0x100;
  private static final int ZSTD = 0x200;
  private static final int ZLIB = 0x300;
  private static final int ZLIB_LEVEL = 5;

  private Compressor() {}

  /** The bits that say so; 0 for none. */
  public static int flagsOf(Compression compression) {
    return switch (compression) {
      case NONE -> 0;
      case ZLIB -> COMPRESSED | ZLIB;
      case LZ4 -> COMPRESSED | LZ4;
      case ZSTD -> COMPRESSED | ZSTD;
    };
  }

  /** Fails now, and not at the first large message, when the library is not there. */
  static void checkAvailable(Compression compression) {
    byte[] unused = compress(compression, new byte[1]);
  }

  /** The bytes, smaller if they can be; for NONE themselves. */
  public static byte[] compress(Compression compression, byte[] body) {
    ByteArrayOutputStream small = new ByteArrayOutputStream(body.length / 2 + 64);
    try (OutputStream out = into(compression, small)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return small.toByteArray();
  }

  private static OutputStream into(Compression compression, OutputStream out) throws IOException {
    try {
      return switch (compression) {
        case NONE -> out;
        case ZLIB -> new Zlib(out);
        case LZ4 -> Lz4.into(out);
        case ZSTD -> Zstandard.into(out);
      };
    } catch (NoClassDefFoundError missing) {
      throw missing(compression, missing);
    }
  }

  /**
   * The body as it was before it was compressed; the same bytes when the flags say that it was not.
   *
   * @throws BadMessageException when the bytes are not what the flags say
   */
  public static byte[] expand(int sysFlag, byte[] body) {
    if ((sysFlag & COMPRESSED) == 0) {
      return body;
    }
    if (body.length == 0) {
      throw new BadMessageException("a compressed body of no bytes");
    }
    try (InputStream in = from(sysFlag & KIND, new ByteArrayInputStream(body))) {
      byte[] all = in.readNBytes(MOST_EXPANDED_BYTES);
      if (all.length == MOST_EXPANDED_BYTES && in.read() >= 0) {
        throw new BadMessageException(
            "a compressed body of more than " + MOST_EXPANDED_BYTES + " bytes");
      }
      return all;
    } catch (IOException e) {
      throw new BadMessageException("a compressed body that cannot be read: " + e.getMessage());
    }
  }

  private static InputStream from(int kind, InputStream in) throws IOException {
    Compression compression = switch (kind) {
      case 0, ZLIB -> Compression.ZLIB;
      case LZ4 -> Compression.LZ4;
      case ZSTD -> Compression.ZSTD;
      default -> throw new BadMessageException("an unknown compression: " + kind);
    };
    try {
      return switch (compression) {
        case LZ4 -> Lz4.from(in);
        case ZSTD -> Zstandard.from(in);
        case ZLIB, NONE -> new Unzlib(in);
      };
    } catch (NoClassDefFoundError missing) {
      throw missing(compression, missing);
    }
  }

  private static IllegalStateException missing(Compression compression, Throwable cause) {
    String library =
        compression == Compression.LZ4 ? "at.yawk.lz4:lz4-java" : "com.github.luben:zstd-jni";
    return new IllegalStateException(
        compression + " needs " + library + " on the class path, which is not there", cause);
  }

  private static final class Zlib extends DeflaterOutputStream {

    Zlib(OutputStream out) {
      super(out, new Deflater(ZLIB_LEVEL));
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        def.end();
      }
    }
  }

  /** Takes a stream that wants a dictionary for what it is: not one of ours. */
  private static final class Unzlib extends InflaterInputStream {

    Unzlib(InputStream in) {
      super(in, new Inflater());
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      if (count < 0 && !inf.finished()) {
        throw new IOException("not the end of a zlib stream");
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        inf.end();
      }
    }
  }
}
