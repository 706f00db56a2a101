package io.escrowmq.server.tx;

import picocli.CommandLine.Option;

/** The options of commands that print an answer. Filled by the command line parser. */
class OutputOptions extends NameServerOptions {

  /** For whom results are printed; their names are words of the command line. */
  enum Form {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table (the default), or json: a broker's answer as it came.")
  private Form form = Form.TABLE;

  boolean isJson() {
    return form == Form.JSON;
  }
}
