package io.escrowmq.server;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** {@code escrowmq tx} on a cluster whose brokers answer what they are told. */
final class TxShell implements AutoCloseable {

  final TestCluster cluster = new TestCluster();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** One transaction, and no more. */
  Reply one(Call call) {
    boolean isFirst = ListTransactionsHeader.FIELDS.read(call.fields()).after() < 0;
    return Reply.ok((isFirst ? list(1024) : list()).toBytes());
  }

  TransactionList list(long... ids) {
    return listOf(LongStream.of(ids).mapToObj(this::entry).toArray(TransactionEntry[]::new));
  }

  static TransactionList listOf(TransactionEntry... entries) {
    List<TransactionEntry> page = List.of(entries);
    return new TransactionList(page.size(), 412L * page.size(), page.size(), 0, 61_000, page);
  }

  TransactionEntry entry(long id) {
    return entry(id, List.of(new Half(cluster.messageId(id), "Orders", 0, null, null, null, 412)));
  }

  TransactionEntry entry(long id, List<Half> halves) {
    String messageId = cluster.messageId(id);
    return new TransactionEntry(
        id,
        messageId,
        null,
        "orders",
        State.IN_DOUBT,
        1_700_000_000_000L,
        0,
        1_700_000_006_000L,
        "10.0.0.9:50312",
        halves,
        null);
  }

  int tx(String... arguments) {
    return run(
        Stream.of(Stream.of("tx"), Stream.of(arguments), Stream.of("--namesrv", cluster.address()))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  int run(String... arguments) {
    PrintWriter told = new PrintWriter(err, true);
    return Main.commandLine(Map.of(), new Exit(told), new PrintWriter(out, true), told)
        .execute(arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
