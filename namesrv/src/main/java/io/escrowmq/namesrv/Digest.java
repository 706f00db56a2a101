package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Fingerprints of a registration. A broker repeats itself every 30 s, and 64 bits tell that it does
 * without reading 100,000 topics again: 2 ms for 5 MB. They guard against nobody: a broker that
 * wanted its own change overlooked could as well not announce it.
 *
 * @param bodyCrc as the header carries it, without the highest bit
 * @param ofAll of header and body
 */
record Digest(int bodyCrc, long ofAll) {

  static Digest of(String header, byte[] body) {
    CRC32 first = new CRC32();
    first.update(body);
    int bodyCrc = (int) (first.getValue() & 0x7FFF_FFFF);
    first.update(header.getBytes(UTF_8));
    CRC32C second = new CRC32C();
    second.update(body);
    second.update(header.getBytes(UTF_8));
    return new Digest(bodyCrc, first.getValue() << 32 | second.getValue());
  }
}
