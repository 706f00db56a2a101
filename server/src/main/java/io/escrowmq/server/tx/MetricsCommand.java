package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.body.MetricsTable.Metric;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.server.print.TextTable;
import io.escrowmq.server.tx.Brokers.Master;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the brokers' counters and gauges. */
@Command(
    name = "metrics",
    description = "Prints what brokers count: in escrow, checked, decided, refused.",
    mixinStandardHelpOptions = true)
final class MetricsCommand implements Callable<Integer> {

  @Mixin
  private final OutputOptions options = new OutputOptions();

  private final Doors doors;

  MetricsCommand(Doors doors) {
    this.doors = doors;
  }

  @Override
  public Integer call() {
    TextTable table = new TextTable("BROKER", "NAME", "VALUE", "KIND", "MEANING");
    Request request = Request.of(RequestCode.GET_METRICS, WireHeader.NONE);
    try (Brokers brokers = options.brokers(doors)) {
      Optional<TxException> failure = brokers.eachMaster(master -> {
        String told =
            brokers.ask(master.address(), request, answer -> told(master, answer.body(), table));
        doors.out().print(told);
      });
      doors.out().flush();
      failure.ifPresent(e -> {
        throw e;
      });
    }
    return 0;
  }

  private String told(Master master, byte[] body, TextTable table) {
    MetricsTable metrics = MetricsTable.read(body);
    if (options.isJson()) {
      return JsonLine.of(master.name(), body) + "\n";
    }
    for (Metric metric : metrics.metrics()) {
      table.add(
          master.name(),
          metric.name(),
          Long.toString(metric.value()),
          metric.kind().name().toLowerCase(Locale.ROOT),
          metric.help());
    }
    return table.take();
  }
}
