/**
 * A small program around an unmodified RocketMQ client. It runs in a process of its own, because a client brings
 * its own Netty and reads its settings from system properties; a test tells it over its standard input what to
 * do, through {@link io.escrowmq.systemtests.driver.RocketDriver}, and gets values back over its standard output.
 * Compiled against what versions 4.9.8 and 5.5.0 have in common. Used by the system tests only.
 */
package io.escrowmq.systemtests.driver;
