package io.escrowmq.systemtests.driver;

import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The driver process. Reads calls from standard input and writes replies to what was standard output at the start;
 * whatever else prints goes to standard error. Ends when its input ends, so it cannot outlive the test.
 */
public final class DriverMain {

  private final Map<String, Method> methods = new HashMap<>();
  private final Map<Class<?>, Object> parts;
  private final ObjectOutputStream replies;

  private DriverMain(OutputStream out) throws IOException {
    Producers producers = new Producers();
    parts = Map.of(
        ProducerDriver.class, producers,
        RequestDriver.class, new Requests(producers),
        TransactionDriver.class, new TransactionalProducers(),
        PushDriver.class, new PushConsumers(),
        PullDriver.class, new PullConsumers(),
        AdminDriver.class, new Administration(),
        LoadDriver.class, new Loads());
    for (Method method : RocketDriver.class.getMethods()) {
      methods.put(method.getName(), method);
    }
    replies = new ObjectOutputStream(out);
    replies.flush();
  }

  public static void main(String[] args) throws Exception {
    OutputStream out = System.out;
    System.setOut(System.err);
    new DriverMain(out).serve(new ObjectInputStream(System.in));
    // Clients leave threads of theirs behind, and nobody is left to answer to.
    Runtime.getRuntime().halt(0);
  }

  private void serve(ObjectInputStream calls) throws IOException, ClassNotFoundException {
    ExecutorService workers = Executors.newCachedThreadPool();
    while (true) {
      Call call;
      try {
        call = (Call) calls.readObject();
      } catch (EOFException end) {
        return;
      }
      workers.execute(() -> answer(call));
    }
  }

  private void answer(Call call) {
    Reply reply;
    try {
      Method method = Messages.known(methods.get(call.method()), call.method());
      Object part = parts.get(method.getDeclaringClass());
      reply = new Reply(call.id(), method.invoke(part, call.arguments().toArray()), null);
    } catch (InvocationTargetException thrown) {
      reply = new Reply(call.id(), null, ExceptionTranslator.told(thrown.getTargetException()));
    } catch (ReflectiveOperationException | RuntimeException broken) {
      reply = new Reply(call.id(), null, ExceptionTranslator.told(broken));
    }
    synchronized (replies) {
      try {
        replies.writeObject(reply);
        replies.reset();
        replies.flush();
      } catch (IOException gone) {
        Runtime.getRuntime().halt(1);
      }
    }
  }
}
