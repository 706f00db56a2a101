package io.escrowmq.server;

import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RealFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real files, network, threads, clocks and chance, for the process that this launcher starts. */
final class ThisMachine {

  private static final Logger LOG = LoggerFactory.getLogger(ThisMachine.class);

  private ThisMachine() {}

  static Machine<FileSystem> whole() {
    return with(new RealFileSystem());
  }

  /** With other files. */
  static Machine<FileSystem> with(FileSystem files) {
    return new Machine<>(files, new NettyNetwork(), surroundings());
  }

  private static Surroundings surroundings() {
    return Surroundings.ofThisMachine((loop, failure) ->
        LOG.error("{} failed; it goes on, in a second at the latest", loop, failure));
  }
}
