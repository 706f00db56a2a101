package io.escrowmq.remoting;

import io.escrowmq.runtime.Surroundings;

/**
 * All that a broker, a name server or a client gets from the machine that it runs on: files, network,
 * and the clock, ticker, loops and chance of its surroundings. Whoever starts one hands it in, and
 * nothing below opens a file or a socket, makes a thread, reads a clock or draws a number otherwise.
 *
 * @param <F> the door to files, which is the program's own: a broker keeps a store, a name server one
 *     small file
 */
public record Machine<F>(F files, Network network, Surroundings surroundings) {

  /** The same with the door of another program to the files. */
  public <G> Machine<G> withFiles(G others) {
    return new Machine<>(others, network, surroundings);
  }
}
