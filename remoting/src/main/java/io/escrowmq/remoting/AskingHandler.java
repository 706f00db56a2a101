package io.escrowmq.remoting;

/**
 * A handler that finds names which the request does not show: it asks whether its caller may do that with
 * them before anything comes of it, and before anything is told of what they name.
 */
@FunctionalInterface
public interface AskingHandler<H> extends Handler<H> {

  void accept(Call call, H header, Rights rights);

  @Override
  default void accept(Call call, H header) {
    accept(call, header, Rights.NONE);
  }
}
