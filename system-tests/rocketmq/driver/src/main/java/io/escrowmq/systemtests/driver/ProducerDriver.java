package io.escrowmq.systemtests.driver;

import java.util.List;

/** Sending, in every style that a client has. */
public interface ProducerDriver {

  /** A running producer; sends are refused by the broker only, not by a limit of the client. */
  void startProducer(String producer, String nameServers, String group);

  SendAnswer send(String producer, OutgoingMessage message);

  /** Sends and waits for the callback; what the callback is told as an exception is thrown. */
  SendAnswer sendAsync(String producer, OutgoingMessage message);

  /** Sends a message on that was received, with all that the client keeps of it. */
  SendAnswer sendOn(String producer, ReceivedMessage received, String topic);

  void sendOneWay(String producer, OutgoingMessage message);

  /** A queue selector picks queue {@code choice modulo number of queues}. */
  SendAnswer sendSelected(String producer, OutgoingMessage message, int choice);

  SendAnswer sendToQueue(String producer, OutgoingMessage message, String brokerName, int queueId);

  SendAnswer sendBatch(String producer, List<OutgoingMessage> messages);

  /** The number of queues that the producer may write to. */
  int writableQueues(String producer, String topic);

  void stopProducer(String producer);
}
