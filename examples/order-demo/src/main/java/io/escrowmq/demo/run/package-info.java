/**
 * The driver: databases, broker and services as processes, faults done to them, progress, and the end.
 */
@NullMarked
package io.escrowmq.demo.run;

import org.jspecify.annotations.NullMarked;
