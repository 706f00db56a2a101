/**
 * The doors to time, threads and chance. Whoever starts a broker, a name server or a client hands them
 * in as {@link io.escrowmq.runtime.Surroundings}; below, nothing makes a thread, reads a clock or draws
 * a number by itself. So a test can turn a whole cluster on one thread, from one seed.
 */
@NullMarked
package io.escrowmq.runtime;

import org.jspecify.annotations.NullMarked;
