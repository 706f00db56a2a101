/**
 * The load generator: a process that sends and consumes through one client library and says what it saw. It is
 * told what to do line by line and ends with its standard input. Everything is bounded in messages and in time.
 */
@NullMarked
package io.escrowmq.bench.load;

import org.jspecify.annotations.NullMarked;
