package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which requests are understood, who may send them, and who handles them. Immutable. */
public final class RequestTable implements Requests {

  /** Says whether a kind of request is taken now; asked before its header is read. */
  @FunctionalInterface
  public interface Admission {

    Admission ALWAYS = () -> null;

    /** The answer to one that is not taken; null when it is. */
    @Nullable
    Reply refusal();
  }

  /** One line of the table. */
  public record Entry<H>(
      RequestCode code,
      RequestReader<H> reader,
      Permission permission,
      Admission admission,
      Handler<H> handler) {

    /** The same, where a server that is too busy for it says so before it reads it. */
    public Entry<H> admittedBy(Admission other) {
      return new Entry<>(code, reader, permission, other, handler);
    }
  }

  private static final int COMMON = 1_024; // nearly all codes are below; an array saves the boxing

  private final Map<Integer, Entry<?>> entries;
  private final @Nullable Entry<?>[] common = new Entry<?>[COMMON];

  private final Gate gate;

  private RequestTable(Map<Integer, Entry<?>> entries, Gate gate) {
    this.gate = gate;
    this.entries = Map.copyOf(entries);
    this.entries.forEach((number, line) -> {
      if (number < COMMON) {
        common[number] = line;
      }
    });
  }

  public static <H> Entry<H> on(
      RequestCode code, HeaderReader<H> fields, Permission permission, Handler<H> handler) {
    return new Entry<>(code, fields, permission, Admission.ALWAYS, handler);
  }

  /** A line for requests of which a part of what they are about is known after a look-up only. */
  public static <H> Entry<H> onAsking(
      RequestCode code, HeaderReader<H> fields, Permission permission, AskingHandler<H> handler) {
    return on(code, fields, permission, handler);
  }

  /** A line for requests that say what they are about in their body. */
  public static <H> Entry<H> onBody(
      RequestCode code, Function<byte[], H> body, Permission permission, Handler<H> handler) {
    return new Entry<>(
        code, call -> body.apply(call.bodyBytes()), permission, Admission.ALWAYS, handler);
  }

  public static RequestTable of(Entry<?>... lines) {
    Map<Integer, Entry<?>> entries = new HashMap<>();
    for (Entry<?> line : lines) {
      if (entries.put(line.code().number(), line) != null) {
        throw new IllegalArgumentException(line.code() + " stands twice in the request table");
      }
    }
    return new RequestTable(entries, Gate.of(Policy.forAll(Permission.ALL)));
  }

  /** This table and another one; no request may stand in both. */
  public RequestTable and(RequestTable other) {
    Map<Integer, Entry<?>> both = new HashMap<>(entries);
    other.entries.forEach((number, line) -> {
      if (both.put(number, line) != null) {
        throw new IllegalArgumentException(line.code() + " stands in both request tables");
      }
    });
    return new RequestTable(both, gate);
  }

  /** This table behind a gate, which every request passes. */
  public RequestTable behind(Gate other) {
    return new RequestTable(entries, other);
  }

  /** The numbers of all requests that have a handler, in ascending order. */
  public Set<Integer> codes() {
    return new TreeSet<>(entries.keySet());
  }

  /** Whether its handler asks about names that it finds. */
  public boolean asks(int number) {
    Entry<?> entry = find(number);
    return entry != null && entry.handler() instanceof AskingHandler<?>;
  }

  /** What a request needs; null when there is no handler for it. */
  public @Nullable Permission permissionOf(int number) {
    Entry<?> entry = find(number);
    return entry == null ? null : entry.permission();
  }

  private @Nullable Entry<?> find(int number) {
    return number >= 0 && number < COMMON ? common[number] : entries.get(number);
  }

  @Override
  public @Nullable Reply refusalUnread(int code) {
    Entry<?> entry = find(code);
    return entry == null ? null : gate.refusalUnread(entry);
  }

  @Override
  public void countRefusedUnread() {
    gate.countRefusedUnread();
  }

  @Override
  public void dispatch(Call call) {
    Entry<?> entry = find(call.code());
    if (entry == null) {
      call.reply(Reply.refused(
          ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
          "the request code " + call.code() + " is not supported"));
      return;
    }
    try {
      gate.pass(call, entry);
    } catch (BadInputException e) {
      call.reply(Reply.refused(e.code(), e.getMessage() + " in " + entry.code()));
    }
  }
}
