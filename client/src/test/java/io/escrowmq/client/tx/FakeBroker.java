package io.escrowmq.client.tx;

import io.escrowmq.client.core.Compressor;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.ServerRequests.CheckListener;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** What a broker remembers of half-messages, in the simplest form that keeps its promises. Any thread. */
public final class FakeBroker {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  /** One half-message. */
  public record Half(
      long position, String group, String topic, int sysFlag, String properties, byte[] body) {

    /** The transaction that it belongs to: by its name, or all by itself. */
    String transaction() {
      String name = Properties.value(properties, PropertyNames.ESCROW_TRANSACTION);
      return name == null ? "#" + position : name;
    }

    String text() {
      return new String(Compressor.expand(sysFlag, body), StandardCharsets.UTF_8);
    }
  }

  private final String name;
  private final Timer timer;
  private final Map<Long, Half> halves = new LinkedHashMap<>();
  private final Map<String, String> verdicts = new HashMap<>(); // transaction to COMMIT, ROLLBACK
  private final List<String> visible = new ArrayList<>(); // bodies
  private long receivedBytes;
  private boolean knowsNames = true;
  private IntSupplier pageSizes = () -> Integer.MAX_VALUE;

  FakeBroker(String name, Timer timer) {
    this.name = name;
    this.timer = timer;
  }

  public String name() {
    return name;
  }

  public String address() {
    return name + ":10911";
  }

  /** From now on it is one of RocketMQ's. */
  public void forgetNames() {
    knowsNames = false;
  }

  /** From now on it ends a page of transactions after so many, if not before. */
  public synchronized void endPagesAfter(IntSupplier sizes) {
    pageSizes = sizes;
  }

  /** Bodies of what consumers see, in its order. */
  public synchronized List<String> visible() {
    return List.copyOf(visible);
  }

  /** Bytes of all bodies, as they came over the network. */
  public synchronized long receivedBytes() {
    return receivedBytes;
  }

  /** Bodies of what is in escrow. */
  public synchronized List<String> inEscrow() {
    return halves.values().stream()
        .filter(half -> !verdicts.containsKey(half.transaction()))
        .map(Half::text)
        .toList();
  }

  public synchronized List<Half> halves() {
    return List.copyOf(halves.values());
  }

  /** An operator decides. */
  public synchronized void order(String transaction, String verdict) {
    decide(transaction, verdict);
  }

  /** Its disk is replaced by an empty one. */
  public synchronized void loseHalves() {
    halves.clear();
  }

  /** Asks about the first half-message of each open transaction. */
  void check(CheckListener producer) {
    Map<String, Half> open = new LinkedHashMap<>();
    synchronized (this) {
      halves.values().stream()
          .filter(half -> !verdicts.containsKey(half.transaction()))
          .forEach(half -> open.putIfAbsent(half.transaction(), half));
    }
    open.values().forEach(half -> producer.asked(address(), header(half), stored(half)));
  }

  private static CheckTransactionHeader header(Half half) {
    return new CheckTransactionHeader(
        0, half.position(), key(half), key(half), id(half.position()), half.topic());
  }

  private byte[] stored(Half half) {
    byte[] bytes = MessageCodec.encode(new NewMessage(
        half.topic(),
        0,
        0,
        half.sysFlag(),
        timer.millis(),
        HOST,
        HOST,
        0,
        0,
        ByteBuffer.wrap(half.body()),
        half.properties()));
    MessageCodec.stamp(bytes, 0, half.position(), timer.millis());
    return bytes;
  }

  private static String key(Half half) {
    return Properties.value(half.properties(), PropertyNames.UNIQUE_KEY);
  }

  private static String id(long position) {
    return MessageId.of(MessageId.prefix(HOST), position);
  }

  synchronized Answer handle(Request request) {
    return switch (request.code()) {
      case SEND_MESSAGE_V2 -> take((SendMessageHeader) request.header(), bytes(request));
      case DECIDE_TRANSACTION ->
        knowsNames
            ? decide((DecideTransactionHeader) request.header())
            : refusal(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
      case END_TRANSACTION -> end((EndTransactionHeader) request.header());
      case LIST_TRANSACTIONS -> list((ListTransactionsHeader) request.header());
      case HEART_BEAT, UNREGISTER_CLIENT -> ok(new byte[0]);
      default -> refusal(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
    };
  }

  private static byte[] bytes(Request request) {
    ByteBuffer bytes = ByteBuffer.allocate(request.body().length());
    request.body().writeTo(bytes);
    return bytes.array();
  }

  private Answer take(SendMessageHeader header, byte[] body) {
    long position = 1000L * (halves.size() + visible.size() + 1);
    receivedBytes += body.length;
    Half half = new Half(
        position,
        header.producerGroup(),
        header.topic(),
        header.sysFlag(),
        header.properties(),
        body);
    if (SysFlags.transaction(header.sysFlag()) != SysFlags.TRANSACTION_PREPARED) {
      visible.add(half.text());
    } else if (verdicts.containsKey(half.transaction())) {
      return refusal(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    } else {
      halves.put(position, half);
    }
    return ok(new SendResponseHeader(
        id(position), header.queueId(), 0, key(half), null, "DefaultRegion", true));
  }

  private Answer decide(DecideTransactionHeader header) {
    long here = halves.values().stream()
        .filter(half -> half.transaction().equals(header.transaction())
            && half.group().equals(header.producerGroup()))
        .count();
    if (here == 0) {
      return refusal(ResponseCode.TRANSACTION_NOT_OPEN);
    }
    if (header.commitOrRollback() == SysFlags.TRANSACTION_COMMIT && here < header.halfMessages()) {
      return refusal(ResponseCode.TRANSACTION_INCOMPLETE);
    }
    return decided(header.transaction(), header.commitOrRollback());
  }

  private Answer end(EndTransactionHeader header) {
    Half half = halves.get(header.position());
    return half == null
        ? refusal(ResponseCode.TRANSACTION_NOT_OPEN)
        : decided(half.transaction(), header.commitOrRollback());
  }

  private Answer decided(String transaction, int commitOrRollback) {
    if (commitOrRollback == SysFlags.TRANSACTION_NONE) {
      return ok(new byte[0]);
    }
    String wanted = commitOrRollback == SysFlags.TRANSACTION_COMMIT ? "COMMIT" : "ROLLBACK";
    boolean again = verdicts.containsKey(transaction);
    if (!again) {
      decide(transaction, wanted);
    }
    String verdict = verdicts.get(transaction);
    ResponseCode code =
        verdict.equals(wanted) ? ResponseCode.SUCCESS : ResponseCode.TRANSACTION_DECIDED_OTHERWISE;
    return answer(code, new DecisionResponseHeader(verdict, 5, "OPERATOR", again), new byte[0]);
  }

  private void decide(String transaction, String verdict) {
    verdicts.put(transaction, verdict);
    if (verdict.equals("COMMIT")) {
      halves.values().stream()
          .filter(half -> half.transaction().equals(transaction))
          .forEach(half -> visible.add(half.text()));
    }
  }

  private Answer list(ListTransactionsHeader header) {
    Map<String, List<Half>> open = new LinkedHashMap<>();
    for (Half half : halves.values()) {
      if (!verdicts.containsKey(half.transaction()) && half.group().equals(header.group())) {
        open.computeIfAbsent(half.transaction(), same -> new ArrayList<>()).add(half);
      }
    }
    List<TransactionEntry> page = open.values().stream()
        .map(FakeBroker::entry)
        .filter(entry -> entry.id() > header.after())
        .limit(Math.min(header.most(), pageSizes.getAsInt()))
        .toList();
    return ok(new TransactionList(0, 0, open.size(), 0, 0, page).toBytes());
  }

  private static TransactionEntry entry(List<Half> transaction) {
    Half first = transaction.get(0);
    boolean prepared = "true".equals(Properties.value(first.properties(), "ESCROW_XA"));
    return new TransactionEntry(
        first.position(),
        id(first.position()),
        first.transaction(),
        first.group(),
        prepared ? TransactionEntry.State.PREPARED : TransactionEntry.State.IN_DOUBT,
        0,
        0,
        0,
        "",
        List.of(),
        null);
  }

  static Answer ok(byte[] body) {
    return answer(ResponseCode.SUCCESS, WireHeader.NONE, body);
  }

  private static Answer ok(WireHeader header) {
    return answer(ResponseCode.SUCCESS, header, new byte[0]);
  }

  static Answer refusal(ResponseCode code) {
    return answer(code, WireHeader.NONE, new byte[0]);
  }

  private static Answer answer(ResponseCode code, WireHeader header, byte[] body) {
    Map<String, String> fields = new HashMap<>();
    header.writeTo(new FieldWriter() {
      @Override
      public FieldWriter put(String key, String value) {
        if (value != null) {
          fields.put(key, value);
        }
        return this;
      }

      @Override
      public FieldWriter put(String key, long value) {
        return put(key, Long.toString(value));
      }

      @Override
      public FieldWriter put(String key, boolean value) {
        return put(key, Boolean.toString(value));
      }
    });
    Fields read = new Fields() {
      @Override
      public String text(String key) {
        return fields.get(key);
      }

      @Override
      public Map<String, String> toMap() {
        return Map.copyOf(fields);
      }
    };
    return new Answer(code.number(), 513, code.name(), read, body);
  }
}
