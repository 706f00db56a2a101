/** A network that exists in a simulated world only: wires, what goes wrong on them, sockets. */
@NullMarked
package io.escrowmq.remoting.simulated;

import org.jspecify.annotations.NullMarked;
