package io.escrowmq.systemtests.driver;

import java.util.List;

/** Push consumers: started, looked at, stopped. */
public interface PushDriver {

  void startPush(String consumer, PushPlan plan);

  /** All deliveries until now, failed ones among them, in the order of their arrival; also after the stop. */
  List<ReceivedMessage> received(String consumer);

  /** Leaves the group in good order: offsets are stored, locks given back. */
  void stopPush(String consumer);
}
