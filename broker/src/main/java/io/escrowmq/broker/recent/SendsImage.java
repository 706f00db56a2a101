package io.escrowmq.broker.recent;

import io.escrowmq.store.Image;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The windows of all topics at one moment, the one that was idle longest first. Taken window by
 * window, a part at a time; a window that is missing and is about to change is looked at before. Owner:
 * the log loop until it is whole.
 */
final class SendsImage implements Image {

  static final int ENTRIES_AT_ONCE = 1 << 12;
  private static final int ENTRIES_OF_A_LOOK = 4; // what it costs to look at one more window

  private final long number;
  private final Runnable whenWhole;
  private final List<String> topics;
  private final List<KeyWindow> windows;
  private final List<WindowImage> images; // of the first windows
  private final Map<KeyWindow, WindowImage> early =
      new HashMap<>(); // of others, which have changed
  private boolean isWhole;

  /**
   * @param number higher than that of any image before, and of windows that are in it
   * @param whenWhole from then on nobody need tell of changes
   */
  SendsImage(long number, Map<String, KeyWindow> byUse, Runnable whenWhole) {
    this.number = number;
    this.whenWhole = whenWhole;
    topics = new ArrayList<>(byUse.keySet());
    windows = new ArrayList<>(byUse.values());
    images = new ArrayList<>(windows.size());
  }

  /** A window is about to change. */
  void changes(KeyWindow window) {
    if (window.imaged < number) { // else it is looked at already, or came later
      early.put(window, begun(window));
    }
  }

  private WindowImage begun(KeyWindow window) {
    window.imaged = number;
    return window.beginImage();
  }

  @Override
  public boolean take() {
    int left = ENTRIES_AT_ONCE;
    while (left > 0 && isAnythingMissing()) {
      left -= current().take(left) + ENTRIES_OF_A_LOOK;
    }
    if (isAnythingMissing()) {
      return false;
    }
    if (!isWhole) {
      isWhole = true;
      whenWhole.run();
    }
    return true;
  }

  private boolean isAnythingMissing() {
    return images.size() < windows.size()
        || (!images.isEmpty() && !images.get(images.size() - 1).isWhole());
  }

  private WindowImage current() {
    if (images.isEmpty() || images.get(images.size() - 1).isWhole()) {
      images.add(next(windows.get(images.size())));
    }
    return images.get(images.size() - 1);
  }

  private WindowImage next(KeyWindow window) {
    WindowImage begun = early.remove(window);
    return begun == null ? begun(window) : begun;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(topics.size());
    for (int i = 0; i < images.size(); i++) {
      out.writeUTF(topics.get(i));
      images.get(i).writeTo(out);
    }
  }
}
