package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.escrowmq.remoting.frame.HeaderMark;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A peer that writes what bytes it likes. */
final class RawPeer implements AutoCloseable {

  private static final FrameLimits LIMITS = FrameLimits.of(16 << 20);

  private final Socket socket;
  private final DataInputStream in;

  RawPeer(InetSocketAddress address) throws IOException {
    this(address, "127.0.0.1");
  }

  RawPeer(InetSocketAddress address, String from) throws IOException {
    socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.setReceiveBufferSize(32 << 10);
    socket.connect(address, 5_000);
    socket.setSoTimeout(5_000);
    in = new DataInputStream(socket.getInputStream());
  }

  static byte[] frame(HeaderEncoding encoding, int code, int opaque, boolean oneWay, byte[] body) {
    HeaderBuffer header = new HeaderBuffer();
    header.writeRequest(encoding, code, opaque, oneWay, fields -> {});
    return frame(encoding, Arrays.copyOf(header.bytes(), header.size()), body);
  }

  static byte[] frame(HeaderEncoding encoding, byte[] header, byte[] body) {
    return ByteBuffer.allocate(8 + header.length + body.length)
        .putInt(4 + header.length + body.length)
        .putInt(HeaderMark.of(encoding, header.length))
        .put(header)
        .put(body)
        .array();
  }

  static byte[] request(int code, int opaque, byte[] body) {
    return frame(HeaderEncoding.JSON, code, opaque, false, body);
  }

  void send(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    OutputStream out = socket.getOutputStream();
    out.write(all.toByteArray());
    out.flush();
  }

  /** Reads one frame and returns its header; keeps the encoding's byte and the body. */
  ReceivedFrame receive() throws IOException {
    int length = in.readInt();
    int mark = in.readInt();
    byte[] header = in.readNBytes(mark & 0xFF_FFFF);
    byte[] body = in.readNBytes(length - 4 - header.length);
    HeaderEncoding encoding = HeaderMark.encoding(mark);
    return new ReceivedFrame(encoding, FrameHeader.read(encoding, header, LIMITS), body);
  }

  record ReceivedFrame(HeaderEncoding encoding, FrameHeader header, byte[] body) {}

  /** Whether the other side has closed; waits for it a while. */
  boolean isClosedByPeer() {
    try {
      return in.read() == -1;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }

  /** Ends the connection as the end of a process does that has not read everything. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
