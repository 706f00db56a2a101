package io.escrowmq.remoting.netty;

import io.netty.channel.ChannelId;

/** Names a channel in log lines; the number says nothing else. */
record SimulatedChannelId(int number) implements ChannelId {

  @Override
  public String asShortText() {
    return Integer.toString(number);
  }

  @Override
  public String asLongText() {
    return asShortText();
  }

  @Override
  public int compareTo(ChannelId other) {
    return asShortText().compareTo(other.asShortText());
  }
}
