package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RealFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose log has failed for good leaves the routes and ends its process. */
class FailedLogTest {

  private final AtomicBoolean syncsFail = new AtomicBoolean();

  @Test
  @Timeout(60)
  void shouldLeaveTheRoutesAndEndWithACodeOfItsOwn(@TempDir Path directory) {
    // given
    Node node = CommandBed.node(directory, disk());
    node.start();
    StringWriter said = new StringWriter();

    // when
    try (RoundTrip client = new RoundTrip(node.namesrv().orElseThrow())) {
      client.send("before");
      syncsFail.set(true);
      client.send("never synced");
    }
    int code = RunCommand.untilItFails(node, new PrintWriter(said, true));

    // then
    assertThat(code).isEqualTo(RunCommand.LOG_FAILED);
    assertThat(said.toString()).contains("could not sync");
    try (RoundTrip client = new RoundTrip(node.namesrv().orElseThrow())) {
      assertThatThrownBy(() -> client.send("to nobody"))
          .hasMessageContaining("GET_ROUTEINFO_BY_TOPIC"); // and not a refusal of the broker
    }
    node.close();
    assertThat(directory.resolve("state").toFile().list((dir, name) -> name.endsWith(".state")))
        .as("state files")
        .isNullOrEmpty();
  }

  private FileSystem disk() {
    RealFileSystem real = new RealFileSystem();
    return proxy(FileSystem.class, (method, arguments) -> {
      Object answer = method.invoke(real, arguments);
      return answer instanceof StoreFile opened ? file(opened) : answer;
    });
  }

  private StoreFile file(StoreFile real) {
    return proxy(StoreFile.class, (method, arguments) -> {
      if (method.getName().equals("sync") && syncsFail.get()) {
        throw new StorageException(
            StorageException.Reason.IO, "could not sync: Input/output error");
      }
      return method.invoke(real, arguments);
    });
  }

  private interface Door {
    Object call(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Door door) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
          try {
            return door.call(method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
