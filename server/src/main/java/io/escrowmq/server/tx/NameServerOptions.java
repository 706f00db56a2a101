package io.escrowmq.server.tx;

import io.escrowmq.server.settings.Endpoint;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** By which every command finds the brokers. Filled by the command line parser. */
class NameServerOptions {

  @Option(
      names = "--namesrv",
      paramLabel = "HOST:PORT",
      split = "[,;]",
      splitSynopsisLabel = ",",
      converter = Converters.OfEndpoint.class,
      defaultValue = "127.0.0.1:9876",
      description = "Name servers that know the brokers; ${DEFAULT-VALUE} by default.")
  private List<Endpoint> nameServers = new ArrayList<>();

  Brokers brokers(Doors doors) {
    return new Brokers(doors.network().get(), nameServers);
  }
}
