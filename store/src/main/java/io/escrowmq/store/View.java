package io.escrowmq.store;

import java.io.DataInput;
import java.io.IOException;

/**
 * State rebuilt from the log, which can be written to a state file so that a restart is short.
 *
 * <p>Owner: the log loop, which alone calls these methods.
 */
public interface View {

  /** Its name in the state file: never changed and never used again for something else. */
  String name();

  /** The number of its image's format: one more with each change of that. */
  default int format() {
    return 1;
  }

  /** Whether it begins empty when it is younger than the state file, and so not in there. */
  default boolean mayStartEmpty() {
    return false;
  }

  /**
   * Begins an image of what it looks like now, for turns that others wait for: quick, however much
   * the view holds. The next image that is begun ends one that is not whole.
   */
  Image beginImage();

  /** What it looks like now, whole: immutable, or copied; others write it to a file. */
  default Image image() {
    return beginImage().whole();
  }

  /** Becomes what an image wrote; only before the first record is applied. */
  void restore(DataInput in) throws IOException;
}
