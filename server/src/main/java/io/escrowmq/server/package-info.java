/** One process: configuration, command line, start and stop. */
package io.escrowmq.server;
