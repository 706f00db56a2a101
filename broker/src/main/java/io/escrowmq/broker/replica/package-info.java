/** Copies of a broker's log on other machines: who serves the log, and who follows it. */
@NullMarked
package io.escrowmq.broker.replica;

import org.jspecify.annotations.NullMarked;
