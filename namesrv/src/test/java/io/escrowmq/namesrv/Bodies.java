package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;

/** Compressed registrations as genuine brokers send them. */
final class Bodies {

  private Bodies() {}

  /** The example of namesrv.md 4.3: the topic T with 8 queues. */
  static byte[] compressedOneTopic() {
    return deflated(HexFormat.of()
        .parseHex("0000002c7b22636f756e746572223a322c22737461746556657273696f6e223a302c227469"
            + "6d657374616d70223a317d0000000100000015542038203820362053494e474c455f544147207b7d"
            + "000000025b5d00000000"));
  }

  static byte[] compressed(long counter, Iterable<String> topics, int count) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      write(out, "{\"counter\":" + counter + ",\"stateVersion\":0,\"timestamp\":1}");
      out.writeInt(count);
      for (String topic : topics) {
        write(out, topic + " 8 8 6 SINGLE_TAG {}");
      }
      write(out, "[]");
      out.writeInt(0);
      return deflated(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] deflated(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
