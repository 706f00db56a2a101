package io.escrowmq.client.core;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Servers without a network: requests are answered by rule, or wait until the test answers them. */
public final class FakeNetwork implements RemotingClient {

  /**
   * One request that went out.
   *
   * @param answer what its sender waits for
   */
  public record SentRequest(
      String address,
      RequestCode code,
      Map<String, String> fields,
      byte[] body,
      Duration timeout,
      CompletableFuture<Answer> answer) {

    public void answer(Answer given) {
      answer.complete(given);
    }

    public void fail(RemotingException.Reason reason) {
      answer.completeExceptionally(new RemotingException(reason, "told to fail"));
    }
  }

  private final List<SentRequest> all = new ArrayList<>();
  private final Map<RequestCode, Function<SentRequest, Answer>> rules =
      new EnumMap<>(RequestCode.class);
  private final Set<String> down = new HashSet<>();
  private final Map<String, Runnable> watchers = new HashMap<>();
  private boolean networkThread;

  /** Requests of this kind are answered so from now on. */
  public FakeNetwork answering(RequestCode code, Function<SentRequest, Answer> rule) {
    rules.put(code, rule);
    return this;
  }

  public void down(String address) {
    down.add(address);
  }

  public void up(String address) {
    down.remove(address);
  }

  /** The connection to this address breaks. */
  public void lose(String address) {
    watchers.getOrDefault(address, () -> {}).run();
  }

  /** Whether the test's thread is taken for one of the network's. */
  public void networkThread(boolean is) {
    networkThread = is;
  }

  /** All requests of this kind, oldest first. */
  public List<SentRequest> sent(RequestCode code) {
    return all.stream().filter(sent -> sent.code() == code).toList();
  }

  /** Which of these kinds of requests came in which order. */
  public List<RequestCode> order(List<RequestCode> kinds) {
    return all.stream().map(SentRequest::code).filter(kinds::contains).toList();
  }

  /** The newest request of this kind. */
  public SentRequest last(RequestCode code) {
    List<SentRequest> of = sent(code);
    return of.get(of.size() - 1);
  }

  @Override
  public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
    SentRequest sent = record(address, request, timeout);
    Function<SentRequest, Answer> rule = rules.get(request.code());
    if (down.contains(address)) {
      sent.fail(RemotingException.Reason.NOT_CONNECTED);
    } else if (rule != null) {
      sent.answer(rule.apply(sent));
    }
    return sent.answer();
  }

  @Override
  public void notify(String address, Request request) {
    record(address, request, Duration.ZERO);
  }

  private SentRequest record(String address, Request request, Duration timeout) {
    ByteBuffer body = ByteBuffer.allocate(request.body().length());
    request.body().writeTo(body);
    SentRequest sent = new SentRequest(
        address,
        request.code(),
        written(request.header()),
        body.array(),
        timeout,
        new CompletableFuture<>());
    all.add(sent);
    return sent;
  }

  @Override
  public void onLost(String address, Runnable action) {
    watchers.put(address, action);
  }

  @Override
  public boolean isNetworkThread() {
    return networkThread;
  }

  @Override
  public void close() {}

  /** An answer that says yes. */
  public static Answer ok(WireHeader header, byte[] body) {
    return answer(ResponseCode.SUCCESS, header, body);
  }

  public static Answer ok(WireHeader header) {
    return ok(header, new byte[0]);
  }

  public static Answer refused(ResponseCode code) {
    return answer(code, WireHeader.NONE, new byte[0]);
  }

  public static Answer answer(ResponseCode code, WireHeader header, byte[] body) {
    Map<String, String> fields = written(header);
    return new Answer(code.number(), 513, "because", fieldsOf(fields), body);
  }

  private static Fields fieldsOf(Map<String, String> fields) {
    return new Fields() {
      @Override
      public String text(String name) {
        return fields.get(name);
      }

      @Override
      public Map<String, String> toMap() {
        return fields;
      }
    };
  }

  private static Map<String, String> written(WireHeader header) {
    Map<String, String> fields = new HashMap<>();
    header.writeTo(new FieldWriter() {
      @Override
      public FieldWriter put(String name, String value) {
        if (value != null) {
          fields.put(name, value);
        }
        return this;
      }

      @Override
      public FieldWriter put(String name, long value) {
        return put(name, Long.toString(value));
      }

      @Override
      public FieldWriter put(String name, boolean value) {
        return put(name, Boolean.toString(value));
      }
    });
    return fields;
  }
}
