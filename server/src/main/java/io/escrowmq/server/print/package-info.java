/** How results are laid out on standard output, for people. For every command. */
package io.escrowmq.server.print;
