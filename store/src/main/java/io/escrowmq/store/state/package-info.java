/**
 * What the views looked like at a position of the log, so that a restart need not begin at the log's
 * start. The only package that knows the library the state files are written with.
 */
package io.escrowmq.store.state;
