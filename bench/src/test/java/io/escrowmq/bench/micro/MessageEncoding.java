package io.escrowmq.bench.micro;

import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.NewMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the broker does to every message of 1 KiB that is sent: encode it, and stamp it when its place is known. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MessageEncoding {
  private final InetSocketAddress host =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);
  private final ByteBuffer body = ByteBuffer.wrap(noise());
  private final String properties =
      "UNIQ_KEY\u00017F00000112AB18B4AAC2000000000000\u0002WAIT\u0001true\u0002";
  private byte[] encoded = {};

  @Setup
  public void encodeOnce() {
    encoded = encode();
  }

  @Benchmark
  public byte[] encode() {
    return MessageCodec.encode(
        new NewMessage("bench-sync16", 3, 0, 0, 1, host, host, 0, 0, body, properties));
  }

  @Benchmark
  public byte[] stamp() {
    MessageCodec.stamp(encoded, 17, 4711, 1_700_000_000_000L);
    return encoded;
  }

  private static byte[] noise() {
    byte[] bytes = new byte[1024];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }
}
