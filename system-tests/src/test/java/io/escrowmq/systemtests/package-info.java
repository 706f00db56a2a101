/**
 * Real server processes, and unmodified RocketMQ clients and tools in processes of their own. {@link
 * io.escrowmq.systemtests.TestBed} starts both and is shared by all test classes; what a test needs for itself
 * (topics, groups, clients) it makes under fresh names and gives back at its end.
 */
package io.escrowmq.systemtests;
