package io.escrowmq.server;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.netty.NettyNetwork;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RealFileSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real server on free ports, and commands that find it as an operator's do. */
final class CommandBed implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RemotingClient client =
      new NettyNetwork().client(RequestTable.of(), RemotingSettings.forClient());
  private final Node node;
  private String out = "";
  private String err = "";

  /** Starts the server. */
  CommandBed(Path directory, String... settings) {
    node = node(directory, new RealFileSystem(), settings);
    node.start();
  }

  /** A server on free ports, with small files, that is not started yet. */
  static Node node(Path directory, FileSystem files, String... settings) {
    List<String> usual = List.of(
        "namesrv.listen=127.0.0.1:0",
        "broker.listen=127.0.0.1:0",
        "store.segment-bytes=16MiB",
        "store.dir=" + directory);
    List<String> all = Stream.concat(usual.stream(), Stream.of(settings)).toList();
    return new Node(Settings.resolve(Role.SERVER, null, Map.of(), all), ThisMachine.with(files));
  }

  /** Runs {@code escrowmq COMMAND WORDS --namesrv ...}; its exit code. */
  int run(String command, String... words) {
    StringWriter printed = new StringWriter();
    StringWriter told = new StringWriter();
    PrintWriter toldWriter = new PrintWriter(told, true);
    Stream<String> namesrv = Stream.of("--namesrv", node.namesrv().orElseThrow().toString());
    int code = Main.commandLine(
            Map.of(), new Exit(toldWriter), new PrintWriter(printed, true), toldWriter)
        .execute(Stream.of(Stream.of(command), Stream.of(words), namesrv)
            .flatMap(some -> some)
            .toArray(String[]::new));
    out = printed.toString();
    err = told.toString();
    return code;
  }

  /** What the last command printed. */
  String out() {
    return out;
  }

  /** What the last command said on the error stream. */
  String err() {
    return err;
  }

  Answer askBroker(Request request) {
    return ask(node.broker().orElseThrow().toString(), request);
  }

  Answer askNameServer(Request request) {
    return ask(node.namesrv().orElseThrow().toString(), request);
  }

  private Answer ask(String address, Request request) {
    return client.call(address, request, PATIENCE).toCompletableFuture().join();
  }

  @Override
  public void close() {
    client.close();
    node.close();
  }
}
