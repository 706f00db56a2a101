package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.runtime.Wakeup;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whom the log loop tells what, and whom it asks.
 *
 * @param arrivals that queues have something new to read; complete before the first turn
 * @param wakeup that there is work for the loop's own thread
 * @param whenFailed why it stopped for good, when it did so because it failed
 * @param shortage why what is new would not be acknowledged; null in general
 */
record LogListeners(
    List<Arrivals> arrivals,
    Wakeup wakeup,
    Consumer<String> whenFailed,
    Supplier<@Nullable Refusal> shortage) {}
