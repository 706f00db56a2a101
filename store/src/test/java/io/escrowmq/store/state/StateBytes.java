package io.escrowmq.store.state;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/** What a state file holds, to compare it with another one. */
public final class StateBytes {

  private StateBytes() {}

  /** The bytes of each view by its name. */
  public static Map<String, byte[]> of(StateFile file) {
    Map<String, byte[]> bytes = new TreeMap<>();
    for (String view : file.pages().views()) {
      try (InputStream in = file.pages().read(view)) {
        bytes.put(view, in.readAllBytes());
      } catch (IOException e) {
        throw new IllegalStateException(view + " cannot be read", e);
      }
    }
    return bytes;
  }
}
