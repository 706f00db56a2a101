package io.escrowmq.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What consumers ask messages to be like, in SQL92. */
class FiltersFuzzTest extends FuzzContract {

  private static final long MOST_WORK = 10_000_000;

  private static final MessageView MESSAGE =
      message("TAGS\u0001new\u0002amount\u0001150\u0002a\u00015.5\u0002b\u0001x\u0002long\u0001"
          + "xy".repeat(1_000) + "\u0002c\u0001-9223372036854775808\u0002d\u0001TRUE\u0002");

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(FuzzTarget.of("sql-filters", FiltersFuzzTest::judge)
        .refusingWith(BadFilterException.class)
        .reading("amount > 100 AND (TAGS = 'new' OR NOT b <> 'x')")
        .reading("a BETWEEN -1.5 AND 1e3 OR b IN ('x', 'y''z') AND c NOT IN ('q')")
        .reading("long CONTAINS 'xyx' OR b NOT STARTSWITH 'y' AND long ENDSWITH 'y'")
        .reading("d IS NOT NULL AND gone IS NULL AND d = TRUE OR c >= -9223372036854775808"));
  }

  private static void judge(byte[] input) {
    SqlFilter filter = SqlFilter.compile(new String(input, StandardCharsets.UTF_8));
    Work work = new Work();
    boolean first = filter.matches(MESSAGE, work);
    assertThat(work.done()).isLessThan(MOST_WORK);
    assertThat(filter.matches(MESSAGE, work)).isEqualTo(first);
  }

  private static MessageView message(String properties) {
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return MessageView.of(MessageCodec.encode(
        new NewMessage("T", 0, 0, 0, 0, host, host, 0, 0, ByteBuffer.allocate(0), properties)));
  }
}
