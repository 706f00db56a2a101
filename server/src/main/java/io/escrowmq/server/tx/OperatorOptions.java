package io.escrowmq.server.tx;

import io.escrowmq.server.settings.Endpoint;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every {@code tx} command. Filled by the command line parser. */
final class OperatorOptions {

  /** For whom results are printed; their names are words of the command line. */
  enum Form {
    TABLE,
    JSON
  }

  @Option(
      names = "--namesrv",
      paramLabel = "HOST:PORT",
      split = "[,;]",
      splitSynopsisLabel = ",",
      converter = Converters.OfEndpoint.class,
      defaultValue = "127.0.0.1:9876",
      description = "Name servers that know the brokers; ${DEFAULT-VALUE} by default.")
  private List<Endpoint> nameServers = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table (the default), or json: a broker's answer as it came.")
  private Form form = Form.TABLE;

  @Option(
      names = "--who",
      paramLabel = "NAME",
      converter = Converters.OfWords.class,
      defaultValue = "${sys:user.name}",
      description = "Who decides, as it is recorded; ${DEFAULT-VALUE} by default.")
  private String who = "";

  Brokers brokers(Doors doors) {
    return new Brokers(doors.network().get(), nameServers);
  }

  boolean isJson() {
    return form == Form.JSON;
  }

  String who() {
    return who;
  }
}
