package io.escrowmq.broker.recent;

import io.escrowmq.store.Image;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The windows of all topics at one moment, the one that was idle longest first. Taken window by
 * window, a part at a time. Owner: the log loop until it is whole.
 */
final class SendsImage implements Image {

  static final int ENTRIES_AT_ONCE = 1 << 12;
  private static final int ENTRIES_OF_A_LOOK = 4; // what it costs to look at one more window

  private final List<String> topics;
  private final List<WindowImage> windows;
  private int next;

  SendsImage(Map<String, KeyWindow> byUse) {
    topics = new ArrayList<>(byUse.keySet());
    windows = new ArrayList<>(topics.size());
    byUse.values().forEach(window -> windows.add(window.beginImage()));
  }

  @Override
  public boolean take() {
    int left = ENTRIES_AT_ONCE;
    while (next < windows.size()) {
      WindowImage window = windows.get(next);
      left -= window.take(left) + ENTRIES_OF_A_LOOK;
      if (window.isWhole()) {
        next++;
      }
      if (left <= 0) {
        break;
      }
    }
    return next == windows.size();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(topics.size());
    for (int i = 0; i < windows.size(); i++) {
      out.writeUTF(topics.get(i));
      windows.get(i).writeTo(out);
    }
  }
}
