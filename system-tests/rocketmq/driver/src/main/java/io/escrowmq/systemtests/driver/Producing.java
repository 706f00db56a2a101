package io.escrowmq.systemtests.driver;

import java.util.List;

/** Sending, in every style that a client has. */
public interface Producing {

  /** A running producer; sends are refused by the broker only, not by a limit of the client. */
  void startProducer(String producer, String nameServers, String group);

  Sent send(String producer, Outgoing message);

  /** Sends and waits for the callback; what the callback is told as an exception is thrown. */
  Sent sendAsync(String producer, Outgoing message);

  /** Sends a message on that was received, with all that the client keeps of it. */
  Sent sendOn(String producer, Received received, String topic);

  void sendOneWay(String producer, Outgoing message);

  /** A queue selector picks queue {@code choice modulo number of queues}. */
  Sent sendSelected(String producer, Outgoing message, int choice);

  Sent sendToQueue(String producer, Outgoing message, String brokerName, int queueId);

  Sent sendBatch(String producer, List<Outgoing> messages);

  /** The number of queues that the producer may write to. */
  int writableQueues(String producer, String topic);

  void stopProducer(String producer);
}
