package io.escrowmq.client.jta;

import io.escrowmq.client.core.BodyCompression;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How messages take part in a transaction manager's transactions; {@link
 * io.escrowmq.client.EscrowJta.Builder} explains each. Immutable.
 *
 * @param enlistment null when resources are enlisted by hand
 */
public record JtaSettings(
    String group,
    @Nullable Enlistment enlistment,
    Duration sendTimeout,
    Duration decisionTimeout,
    BodyCompression compression,
    long branchBytes) {}
