package io.escrowmq.bench.load;

import java.net.InetSocketAddress;

/**
 * The process that sends at a pace of its own, whether the broker keeps up or not; {@link Conversation} says how it is talked
 * to. It writes frames that it has made before, so that it costs less than the broker does. Arguments: the broker's host and port.
 *
 * <pre>
 * run topic queues connections body persecond window seconds    persecond 0: as fast as answers come, with a window
 * </pre>
 */
final class OverloadMain {
  private OverloadMain() {}

  public static void main(String[] arguments) throws Exception {
    InetSocketAddress broker = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    Conversation.serve((word, given) -> {
      if (!word.equals("run")) {
        throw new IllegalArgumentException("no command " + word);
      }
      SendFrame frame = new SendFrame(
          given.text("topic"), (int) given.number("queues"), (int) given.number("body"));
      try (PacedFrames frames = new PacedFrames(
          broker,
          frame,
          (int) given.number("connections"),
          given.number("persecond"),
          given.number("window"))) {
        return frames.send(given.atMost()).line();
      }
    });
  }
}
