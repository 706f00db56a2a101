/**
 * What goes wrong, and when: the named steps of a service, a plan of faults made from a seed, and the probes
 * by which a service tells that it has come to a step.
 */
@NullMarked
package io.escrowmq.demo.chaos;

import org.jspecify.annotations.NullMarked;
