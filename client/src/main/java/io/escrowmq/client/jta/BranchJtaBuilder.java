package io.escrowmq.client.jta;

import io.escrowmq.client.Compression;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Names;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a {@link BranchJta}. One owner. */
public final class BranchJtaBuilder implements EscrowJta.Builder {

  private final Function<JtaSettings, EscrowJta> start;
  private String group = "escrowmq-jta";
  private @Nullable Enlistment enlistment;
  private Duration sendTimeout = Duration.ofSeconds(3);
  private Duration decisionTimeout = Duration.ofSeconds(10);
  private BodyCompression compression = BodyCompression.NONE;
  private long branchBytes = 16L << 20;

  public BranchJtaBuilder(Function<JtaSettings, EscrowJta> start) {
    this.start = start;
  }

  @Override
  public EscrowJta.Builder group(String name) {
    group = Names.group(name);
    return this;
  }

  @Override
  public EscrowJta.Builder transactionManager(
      TransactionManager manager, TransactionSynchronizationRegistry registry) {
    Objects.requireNonNull(manager, "the transaction manager is null");
    Objects.requireNonNull(registry, "the registry is null");
    enlistment = new Enlistment(manager, registry);
    return this;
  }

  @Override
  public EscrowJta.Builder sendTimeout(Duration timeout) {
    sendTimeout = Objects.requireNonNull(timeout, "the send timeout is null");
    return this;
  }

  @Override
  public EscrowJta.Builder decisionTimeout(Duration timeout) {
    decisionTimeout = Objects.requireNonNull(timeout, "the decision timeout is null");
    return this;
  }

  @Override
  public EscrowJta.Builder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  @Override
  public EscrowJta.Builder branchBytes(long bytes) {
    branchBytes = bytes;
    return this;
  }

  @Override
  public EscrowJta build() {
    return start.apply(
        new JtaSettings(group, enlistment, sendTimeout, decisionTimeout, compression, branchBytes));
  }
}
