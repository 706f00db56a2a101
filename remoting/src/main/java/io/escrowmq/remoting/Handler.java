package io.escrowmq.remoting;

/** One kind of request, from the wire to the core; runs on an event loop and never blocks it. */
@FunctionalInterface
public interface Handler<H> {

  void accept(Call call, H header);
}
