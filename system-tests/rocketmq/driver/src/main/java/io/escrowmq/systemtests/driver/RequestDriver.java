package io.escrowmq.systemtests.driver;

import java.util.List;

/** Request and reply. */
public interface RequestDriver {

  /** A running producer sends the message and waits for the reply; returns the reply's body. */
  String ask(String producer, OutgoingMessage message, long timeoutMillis);

  /** A push consumer that replies to each message with "re: " and its body. */
  void startReplier(String replier, String nameServers, String group, String topic);

  /** What became of its replies, oldest first: the send status, or what the client threw. */
  List<String> outcomes(String replier);

  void stopReplier(String replier);
}
