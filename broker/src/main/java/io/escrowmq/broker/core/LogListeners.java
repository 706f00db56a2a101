package io.escrowmq.broker.core;

import io.escrowmq.runtime.Wakeup;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whom the log loop tells what.
 *
 * @param arrivals that queues have something new to read; complete before the first turn
 * @param wakeup that there is work for the loop's own thread
 * @param whenFailed why it stopped for good, when it did so because it failed
 */
record LogListeners(List<Arrivals> arrivals, Wakeup wakeup, Consumer<String> whenFailed) {}
