/**
 * The order demo's command line: what is shown, with which switches.
 */
@NullMarked
package io.escrowmq.demo;

import org.jspecify.annotations.NullMarked;
