package io.escrowmq.client.tx;

import io.escrowmq.client.Compression;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.EscrowTransactionsBuilder;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** Makes {@link TableTransactions}. One owner. */
public final class TableTransactionsBuilder implements EscrowTransactionsBuilder {

  private final Function<TableSettings, EscrowTransactions> start;
  private String group = "escrowmq-transactions";
  private String table = "escrow_outcomes";
  private boolean createTable;
  private Duration keepOutcomes = Duration.ofDays(7);
  private Duration lockTimeout = Duration.ofSeconds(3);
  private boolean readAfterCommit;
  private Duration sendTimeout = Duration.ofSeconds(3);
  private Duration decisionTimeout = Duration.ofSeconds(60);
  private BodyCompression compression = BodyCompression.NONE;
  private int checkThreads = 2;

  public TableTransactionsBuilder(Function<TableSettings, EscrowTransactions> start) {
    this.start = start;
  }

  @Override
  public EscrowTransactionsBuilder group(String name) {
    group = Names.group(name);
    return this;
  }

  @Override
  public EscrowTransactionsBuilder table(String name) {
    table = Objects.requireNonNull(name, "the table is null");
    return this;
  }

  @Override
  public EscrowTransactionsBuilder createTable() {
    createTable = true;
    return this;
  }

  @Override
  public EscrowTransactionsBuilder keepOutcomes(Duration age) {
    keepOutcomes = Objects.requireNonNull(age, "the age is null");
    return this;
  }

  @Override
  public EscrowTransactionsBuilder lockTimeout(Duration timeout) {
    lockTimeout = Objects.requireNonNull(timeout, "the lock timeout is null");
    return this;
  }

  @Override
  public EscrowTransactionsBuilder readAfterCommit() {
    readAfterCommit = true;
    return this;
  }

  @Override
  public EscrowTransactionsBuilder sendTimeout(Duration timeout) {
    sendTimeout = Objects.requireNonNull(timeout, "the send timeout is null");
    return this;
  }

  @Override
  public EscrowTransactionsBuilder decisionTimeout(Duration timeout) {
    decisionTimeout = Objects.requireNonNull(timeout, "the decision timeout is null");
    return this;
  }

  @Override
  public EscrowTransactionsBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  @Override
  public EscrowTransactionsBuilder checkThreads(int threads) {
    checkThreads = threads;
    return this;
  }

  @Override
  public EscrowTransactions build() {
    return start.apply(new TableSettings(
        group,
        table,
        createTable,
        keepOutcomes,
        lockTimeout,
        readAfterCommit,
        sendTimeout,
        decisionTimeout,
        compression,
        checkThreads));
  }
}
