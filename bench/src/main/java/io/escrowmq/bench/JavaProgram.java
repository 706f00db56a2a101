package io.escrowmq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a server of somebody else's consists of: the Java that runs it, its class path, and what it finds in its environment.
 * Immutable.
 */
record JavaProgram(String java, String classPath, Map<String, String> environment) {
  JavaProgram {
    environment = Map.copyOf(environment);
  }

  /** The version of one of its artifacts, as the name of the jar says it. */
  String version(String artifact) {
    int at = classPath.indexOf(artifact + "-") + artifact.length() + 1;
    return classPath.substring(at, classPath.indexOf(".jar", at));
  }

  /** Starts it: flags of the virtual machine, then a main class with its arguments. */
  List<String> command(List<String> flags, String... mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of(mainAndArguments));
    return command;
  }

  /** Flags and environment in one line, for the head of the table. */
  String inWords(List<String> flags) {
    return String.join(" ", flags) + " " + String.join(" ", environment.values());
  }
}
