package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What the peers of a contract's test do with requests, and what they have seen. Any thread. */
final class ContractPeers {

  // ECHO answers the body, PARK keeps the call, FAIL fails, and NOTE is sent one-way.
  static final RequestCode ECHO = RequestCode.SEND_MESSAGE;
  static final RequestCode PARK = RequestCode.PULL_MESSAGE;
  static final RequestCode FAIL = RequestCode.QUERY_MESSAGE;
  static final RequestCode NOTE = RequestCode.UPDATE_CONSUMER_OFFSET;

  private static final String NUMBER = "number";

  final Queue<Integer> arrived = new ConcurrentLinkedQueue<>(); // numbers of requests
  final Queue<Call> parked = new ConcurrentLinkedQueue<>();
  final Queue<Connection> connections = new ConcurrentLinkedQueue<>(); // one for each request
  final AtomicInteger writes = new AtomicInteger(); // of counted bodies
  final AtomicInteger releases = new AtomicInteger();

  final RequestTable requests = RequestTable.of(
      RequestTable.on(ECHO, fields -> fields.requiredInt(NUMBER), Permission.CONNECT, this::echo),
      RequestTable.on(PARK, fields -> fields.requiredInt(NUMBER), Permission.CONNECT, this::park),
      RequestTable.on(FAIL, fields -> fields.requiredInt(NUMBER), Permission.CONNECT, this::fail),
      RequestTable.on(NOTE, fields -> fields.requiredInt(NUMBER), Permission.CONNECT, this::echo));

  static Request request(RequestCode code, int number) {
    return request(code, number, Body.of(new byte[] {(byte) number}));
  }

  static Request request(RequestCode code, int number, Body body) {
    return new Request(code, fields -> fields.put(NUMBER, number), body);
  }

  private void note(Call call, int number) {
    connections.add(call.connection());
    arrived.add(number);
  }

  private void echo(Call call, int number) {
    note(call, number);
    WireHeader header = fields -> fields.put(NUMBER, number).put("version", call.version());
    call.reply(Reply.ok(header, Body.of(call.bodyBytes())));
  }

  private void park(Call call, int number) {
    note(call, number);
    parked.add(call);
  }

  private void fail(Call call, int number) {
    note(call, number);
    throw new IllegalStateException("as the test wants");
  }

  /** The connection over which the last request came. */
  Connection connection() {
    return connections.stream().reduce((first, second) -> second).orElseThrow();
  }

  /** A body that is counted when it is written and released. */
  Body counted(int length) {
    return counted(length, length);
  }

  /** The same of a body that writes less than it said. */
  Body counted(int length, int written) {
    return new Body() {
      @Override
      public int length() {
        return length;
      }

      @Override
      public void writeTo(ByteBuffer target) {
        writes.incrementAndGet();
        target.put(new byte[written]);
      }

      @Override
      public void release() {
        releases.incrementAndGet();
      }
    };
  }
}
