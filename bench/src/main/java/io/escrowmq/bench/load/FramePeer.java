package io.escrowmq.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to a broker that takes frames and reads answers, without ever waiting. Owner: one thread. */
final class FramePeer implements AutoCloseable {
  /** What becomes of an answer: the number of its send, its code, and for refusals what it says. */
  interface Answers {
    void take(int number, int code, String remark);
  }

  private static final int SOCKET_BYTES = 64 << 10; // as RocketMQ's client has them
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int LENGTH_OF_HEADER = 0xFFFFFF;
  private static final byte[] CODE = "\"code\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OPAQUE = "\"opaque\":".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern REMARK = Pattern.compile("\"remark\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final SocketChannel channel;
  private final SendFrame frame;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
  private long unanswered;

  FramePeer(InetSocketAddress broker, SendFrame frame, Selector selector) throws IOException {
    this.frame = frame;
    this.channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(broker);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  long unanswered() {
    return unanswered;
  }

  /** False when there is no room. */
  boolean write(int number) {
    if (out.remaining() < frame.length()) {
      return false;
    }
    frame.write(number, out);
    unanswered++;
    return true;
  }

  /** Gives the socket what it takes; true when it was something. */
  boolean flush() throws IOException {
    if (out.position() == 0) {
      return false;
    }
    int written = channel.write(out.flip());
    out.compact();
    return written > 0;
  }

  void read(Answers answers) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the broker closed the connection");
    }
    in.flip();
    while (in.remaining() >= 2 * Integer.BYTES
        && in.remaining() >= Integer.BYTES + in.getInt(in.position())) {
      int at = in.position();
      int headerAt = at + 2 * Integer.BYTES;
      int headerEnd = headerAt + (in.getInt(at + Integer.BYTES) & LENGTH_OF_HEADER);
      int code = number(CODE, headerAt, headerEnd);
      int number = number(OPAQUE, headerAt, headerEnd) - SendFrame.FIRST_OPAQUE;
      unanswered--;
      answers.take(number, code, code == 0 ? "" : remark(headerAt, headerEnd));
      in.position(at + Integer.BYTES + in.getInt(at));
    }
    in.compact();
  }

  private int number(byte[] name, int from, int end) throws IOException {
    for (int at = from; at + name.length < end; at++) {
      if (isAt(name, at)) {
        int value = 0;
        for (int i = at + name.length; in.get(i) >= '0' && in.get(i) <= '9'; i++) {
          value = value * 10 + in.get(i) - '0';
        }
        return value;
      }
    }
    throw new IOException("no " + new String(name, StandardCharsets.US_ASCII) + " in an answer");
  }

  private boolean isAt(byte[] name, int at) {
    for (int i = 0; i < name.length; i++) {
      if (in.get(at + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private String remark(int from, int end) {
    Matcher matcher =
        REMARK.matcher(new String(in.array(), from, end - from, StandardCharsets.UTF_8));
    return matcher.find() ? matcher.group(1) : "";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
