package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A broker that can be measured. The caller starts it with a directory, and stops or kills it before the next start; it may
 * start it again on the same directory. The implementation listens on loopback addresses only, keeps everything under the
 * directory, and changes nothing else of the system's defaults.
 */
interface SystemUnderTest {

  /** One word: names it on the command line, in the table and in the raw output. */
  String name();

  /** The version under test, for the head of the table. */
  String version();

  /** What differs from its defaults, in words, for the head of the table. */
  String settings();

  /** The program that puts load on it. */
  Client client();

  /** Whether this mode is measured with it. */
  boolean takes(Mode mode, Flush flush);

  /** Starts what the broker needs beside it, if anything. Its time and its CPU are not measured. */
  default void startCompanions(Path directory) throws IOException {}

  /** Makes an empty directory ready for the first start, where there is something to be made. Not measured. */
  default void prepare(Path directory) throws IOException, InterruptedException {}

  /** Starts the broker and comes back at once; whether it is ready is found out by sending to it. */
  void start(Path directory, Flush flush) throws IOException;

  /** The broker as it was last started; fails when it never was. */
  ServerProcess process();

  /** The broker's own process. */
  default long pid() {
    return process().pid();
  }

  /** Where its clients turn to first: the name server's address, or the broker's own where there is none. */
  String namesrv();

  /** What the load generator is told about where the system is. */
  default List<String> addresses() {
    return List.of(namesrv());
  }

  /** Stops the broker in order and waits for its end. */
  default void stop() throws InterruptedException {
    process().stop();
  }

  /** Ends the broker with SIGKILL and waits for its end. */
  default void kill() throws InterruptedException {
    process().kill();
  }

  /** Ends what {@link #startCompanions} started. */
  default void stopCompanions() throws InterruptedException {}

  /** A load generator: its main class, and the file that names the class path of the client library that it drives. */
  enum Client {
    ESCROWMQ("escrowmq-client", "io.escrowmq.bench.load.EscrowLoadMain"),
    ROCKETMQ("rocketmq-client", "io.escrowmq.bench.load.LoadMain"),
    KAFKA("kafka", "io.escrowmq.bench.load.KafkaLoadMain"),
    ARTEMIS("artemis", "io.escrowmq.bench.load.ArtemisLoadMain");

    private final String classPath;
    private final String main;

    Client(String classPath, String main) {
      this.classPath = classPath;
      this.main = main;
    }

    String classPath() {
      return classPath;
    }

    String main() {
      return main;
    }
  }
}
