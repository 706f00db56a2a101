package io.escrowmq.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * How a load generator's process is talked to: one command a line ({@code WORD key=value ...}), each answered with one line
 * that begins with {@code @}; the process ends with its standard input.
 */
final class Conversation {
  /** Does what a command says and hands back the answer. */
  @FunctionalInterface
  interface Responder {
    String answer(String word, Arguments given) throws Exception;
  }

  private Conversation() {}

  /** Does not come back. */
  static void serve(Responder answering) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("@ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(answer(answering, line));
    }
    // the clients' threads are not all daemons, and with the input gone nobody waits for a goodbye
    System.exit(0);
  }

  private static String answer(Responder answering, String line) {
    try {
      String word = line.split(" ", 2)[0];
      return "@" + answering.answer(word, Arguments.of(line));
    } catch (Exception e) {
      e.printStackTrace();
      return "@failed " + e;
    }
  }
}
