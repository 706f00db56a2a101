package io.escrowmq.bench.micro;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.header.SendMessageHeader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The header of a send request as a client 5.5.0 writes it, from its bytes to the record that a handler gets. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HeaderDecoding {
  private final FrameLimits limits = FrameLimits.of(4 << 20);
  private final byte[] header =
      ("{\"code\":310,\"extFields\":{\"a\":\"bench-load\",\"b\":\"bench-sync16\",\"c\":\"TBW102\","
              + "\"d\":\"4\",\"e\":\"11\",\"f\":\"0\",\"g\":\"1795380000000\",\"h\":\"0\","
              + "\"i\":\"UNIQ_KEY\\u00017F0000010C4A1B6D35864AB2F0F50000\\u0002WAIT\\u0001true\\u0002\","
              + "\"j\":\"0\",\"k\":\"false\",\"m\":\"false\",\"n\":\"broker-a\"},\"flag\":0,"
              + "\"language\":\"JAVA\",\"opaque\":1234,\"serializeTypeCurrentRPC\":\"JSON\","
              + "\"version\":515}")
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public SendMessageHeader decode() {
    FrameHeader read = FrameHeader.read(HeaderEncoding.JSON, header.clone(), limits);
    return SendMessageHeader.FIELDS_V2.read(read.fields());
  }
}
