package io.escrowmq.broker.delay;

import java.util.Arrays;

/**
 * Numbers by slot, in pages: room for more never costs a copy of what is there. Owner: the log loop.
 */
final class SlotPages {

  private static final int BITS = 10;
  private static final int SLOTS = 1 << BITS; // of a page

  private final int words; // of a slot
  private long[][] pages = {};
  private int count; // of pages

  SlotPages(int words) {
    this.words = words;
  }

  /** Makes sure that there is room for the slots before this one. */
  void reach(int slots) {
    while (count * SLOTS < slots) {
      if (count == pages.length) {
        pages = Arrays.copyOf(pages, Math.max(4, 2 * count));
      }
      pages[count++] = new long[SLOTS * words];
    }
  }

  long get(int slot, int word) {
    return pages[slot >>> BITS][(slot & (SLOTS - 1)) * words + word];
  }

  void set(int slot, int word, long value) {
    pages[slot >>> BITS][(slot & (SLOTS - 1)) * words + word] = value;
  }
}
