/**
 * Which broker serves which topic, and who is believed to be alive. Pure: no clock, no thread, no
 * file, no network. {@code RouteBook} is the changing truth of the route loop, {@code RouteImage}
 * what everybody else reads. Used by {@code io.escrowmq.namesrv} only.
 */
package io.escrowmq.namesrv.route;
