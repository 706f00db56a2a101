package io.escrowmq.client.wiring;

import io.escrowmq.client.core.LocalFiles;
import io.escrowmq.client.route.LocalAddress;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.runtime.Surroundings;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that clients get from outside. Nothing below makes a thread, reads a clock, opens a socket or a
 * file, or draws a random number of its own.
 *
 * @param host what the client calls its machine
 * @param process the number of its process there
 */
public record ClientSurroundings(
    Surroundings machine, Network network, LocalFiles files, InetAddress host, long process) {

  private static final Logger LOG = LoggerFactory.getLogger(ClientSurroundings.class);

  /** The real ones. */
  public static ClientSurroundings ofThisMachine() {
    return new ClientSurroundings(
        Surroundings.ofThisMachine(
            (thread, failure) -> LOG.error("{} failed, and goes on", thread, failure)),
        new NettyNetwork(),
        new DiskFiles(),
        LocalAddress.find(),
        ProcessHandle.current().pid());
  }
}
