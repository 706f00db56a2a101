package io.escrowmq.systemtests.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The test's end of the pipe to a driver process. Any thread may call; replies come back by id. */
public final class DriverConnection {

  private final ObjectOutputStream calls;
  private final InputStream replies;
  private final Duration deadline;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<Reply>> pending = new ConcurrentHashMap<>();

  private DriverConnection(OutputStream calls, InputStream replies, Duration deadline)
      throws IOException {
    this.calls = new ObjectOutputStream(calls);
    this.calls.flush();
    this.replies = replies;
    this.deadline = deadline;
  }

  /**
   * Connects to a process whose standard streams these are.
   *
   * @param deadline how long one call may take before it fails with {@link IllegalStateException}
   */
  public static RocketDriver connect(OutputStream calls, InputStream replies, Duration deadline)
      throws IOException {
    DriverConnection connection = new DriverConnection(calls, replies, deadline);
    Thread reader = new Thread(connection::readReplies, "driver-replies");
    reader.setDaemon(true);
    reader.start();
    return (RocketDriver) Proxy.newProxyInstance(
        RocketDriver.class.getClassLoader(),
        new Class<?>[] {RocketDriver.class},
        (proxy, method, arguments) -> connection.call(method, arguments));
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws IOException {
    long id = ids.incrementAndGet();
    CompletableFuture<Reply> awaited = new CompletableFuture<>();
    pending.put(id, awaited);
    synchronized (calls) {
      calls.writeObject(
          new Call(id, method.getName(), arguments == null ? List.of() : List.of(arguments)));
      calls.reset();
      calls.flush();
    }
    Reply reply;
    try {
      reply = awaited.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("no reply to " + method.getName() + " in " + deadline, late);
    } catch (ExecutionException | InterruptedException broken) {
      throw new IllegalStateException("driver process gone during " + method.getName(), broken);
    } finally {
      pending.remove(id);
    }
    DriverException failure = reply.failure();
    if (failure != null) {
      failure.setStackTrace(Thread.currentThread().getStackTrace());
      throw failure;
    }
    return reply.value();
  }

  private void readReplies() {
    try {
      ObjectInputStream in = new ObjectInputStream(replies);
      while (true) {
        Reply reply = (Reply) in.readObject();
        CompletableFuture<Reply> awaited = pending.get(reply.id());
        if (awaited != null) {
          awaited.complete(reply);
        }
      }
    } catch (IOException | ClassNotFoundException end) {
      pending.values().forEach(awaited -> awaited.completeExceptionally(end));
    }
  }
}
