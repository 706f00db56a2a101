package io.escrowmq.remoting;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Over sockets of the loopback address. */
class NettyNetworkTest extends NetworkContract {

  @Override
  Network here() {
    return TestNetwork.REAL;
  }

  @Override
  Network there() {
    return TestNetwork.REAL;
  }

  @Override
  void until(BooleanSupplier condition) {
    await().pollInterval(5, TimeUnit.MILLISECONDS).until(condition::getAsBoolean);
  }
}
