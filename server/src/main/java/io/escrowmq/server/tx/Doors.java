package io.escrowmq.server.tx;

import io.escrowmq.remoting.RemotingClient;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Where the commands reach outside.
 *
 * @param network opens a client; who asks closes it
 * @param clock tells how old things are
 * @param out takes results, and nothing else
 */
public record Doors(Supplier<RemotingClient> network, InstantSource clock, PrintWriter out) {}
