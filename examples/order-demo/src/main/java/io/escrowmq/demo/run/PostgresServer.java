package io.escrowmq.demo.run;

import io.escrowmq.demo.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/** PostgreSQL, unpacked for this run: a process with children, which keeps its port and files. Any thread. */
final class PostgresServer implements DatabaseServer {

  private static final String FILES = "databases";

  private final Path directory;
  private final int port;
  private final ReadWriteLock life = new ReentrantReadWriteLock();
  private volatile EmbeddedPostgres server; // written with the write lock, as the next
  private boolean closed;

  private PostgresServer(Path directory, EmbeddedPostgres server) {
    this.directory = directory;
    this.port = server.getPort();
    this.server = server;
  }

  static DatabaseServer start(Path directory) {
    try {
      EmbeddedPostgres server = settings(directory).start();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        for (Role role : Role.values()) {
          statement.execute("CREATE DATABASE " + role.word());
        }
      }
      return new PostgresServer(directory, server);
    } catch (IOException | SQLException e) {
      throw new DemoException("PostgreSQL cannot be started: " + e.getMessage(), e);
    }
  }

  private static EmbeddedPostgres.Builder settings(Path directory) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve(FILES))
        .setCleanDataDirectory(false)
        // off by default there: a commit would be confirmed that a kill can take back
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("max_prepared_transactions", "50");
  }

  @Override
  public String address(Role role) {
    return server.getJdbcUrl("postgres", role.word());
  }

  @Override
  public void killAndRestart(Runnable meanwhile) throws InterruptedException {
    life.writeLock().lockInterruptibly();
    try {
      if (closed) {
        return;
      }
      kill();
      meanwhile.run();
      server.close(); // what is kept of it in this process
      server = settings(directory).setPort(port).start();
    } catch (IOException e) {
      throw new DemoException("PostgreSQL cannot be started again: " + e.getMessage(), e);
    } finally {
      life.writeLock().unlock();
    }
  }

  /**
   * As if the machine had stopped. A child that survives its parent for a moment says that it is
   * terminated; in answer to a two-phase commit, the driver takes that for a refusal.
   */
  private void kill() throws IOException, InterruptedException {
    String pid =
        Files.readAllLines(directory.resolve(FILES).resolve("postmaster.pid")).get(0);
    ProcessHandle parent = ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new DemoException("PostgreSQL has ended by itself"));
    Signals.stop(parent.pid());
    List<ProcessHandle> all =
        Stream.concat(parent.descendants(), Stream.of(parent)).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  @Override
  public void whileUp(Step step) throws InterruptedException {
    life.readLock().lockInterruptibly();
    try {
      step.run();
    } finally {
      life.readLock().unlock();
    }
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      closed = true;
      server.close();
    } catch (IOException e) {
      throw new DemoException("PostgreSQL cannot be stopped: " + e.getMessage(), e);
    } finally {
      life.writeLock().unlock();
    }
  }
}
