package io.escrowmq.bench;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * The process of Artemis. Arguments: directory, and HOST:PORT to listen on. The system property {@code
 * artemis.buffer-timeout-nanos} replaces the default of 3.3 ms for which the journal gathers what it syncs together; a broker
 * made by "artemis create" has a shorter one that was measured on its disk.
 */
final class ArtemisServer {
  private ArtemisServer() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Configuration configuration = new ConfigurationImpl()
        .setPersistenceEnabled(true)
        .setSecurityEnabled(false)
        .setJournalType(JournalType.NIO)
        .setJournalDirectory(directory.resolve("journal").toString())
        .setBindingsDirectory(directory.resolve("bindings").toString())
        .setLargeMessagesDirectory(directory.resolve("large").toString())
        .setPagingDirectory(directory.resolve("paging").toString())
        .addAcceptorConfiguration("tcp", "tcp://" + arguments[1]);
    Integer timeoutNanos = Integer.getInteger("artemis.buffer-timeout-nanos");
    if (timeoutNanos != null) {
      configuration.setJournalBufferTimeout_NIO(timeoutNanos);
    }
    EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(configuration);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    server.start();
  }

  private static void stop(EmbeddedActiveMQ server) {
    try {
      server.stop();
    } catch (Exception e) {
      System.err.println("cannot stop in order: " + e);
    }
  }
}
