package io.escrowmq.broker;

import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import io.escrowmq.store.state.StateFiles;
import java.util.LinkedHashMap;
import java.util.Map;

/** Images that were begun at a position, and are taken when the state has changed. */
record BegunImages(long position, Map<String, Image> images) {

  static BegunImages of(BrokerCore state) {
    Map<String, Image> images = new LinkedHashMap<>();
    for (View view : state.upkeep().stored()) {
      images.put(view.name(), view.beginImage());
    }
    return new BegunImages(state.store.log().end(), images);
  }

  /** Takes what is missing, and writes it all. The log is durable up to the position. */
  void write(StateFiles states) {
    images.values().forEach(Image::whole);
    states.write(position, images);
  }
}
