/**
 * Applications that use the client with databases, run by tests in processes of their own, which are killed. They
 * say on their standard output how far they are, and end when they are sent a line.
 */
package io.escrowmq.systemtests.program;
