package io.escrowmq.systemtests.driver;

import java.util.List;
import java.util.Map;

/** mqadmin, and single requests. */
public interface AdminDriver {

  /** Runs an mqadmin command and returns what it printed, standard output and standard error together. */
  String mqadmin(List<String> arguments);

  /** Sends one request with exactly these fields through the client's own transport. */
  Answer request(String address, int code, Map<String, String> fields, String body);
}
