package io.escrowmq.broker.recent;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of messages, by numbers that follow each other: a ring of rows. It stands in pages,
 * so that a ring that grows copies one page and not a million rows. Owner: the log loop.
 */
final class KeyRing {

  private static final int PAGE = 1 << 12; // rows
  private static final int WORDS = 5; // of a row: high, low, position, queue id, queue offset

  private long[] @Nullable [] pages;
  private int places; // a power of two

  KeyRing(int places) {
    this.places = places;
    this.pages = new long[Math.max(1, places / PAGE)][];
  }

  /** For how many rows there is room. */
  int places() {
    return places;
  }

  long high(long number) {
    return word(number, 0);
  }

  long low(long number) {
    return word(number, 1);
  }

  long position(long number) {
    return word(number, 2);
  }

  int queueId(long number) {
    return (int) word(number, 3);
  }

  long queueOffset(long number) {
    return word(number, 4);
  }

  private long word(long number, int word) {
    int place = place(number);
    return page(place)[place % PAGE * WORDS + word];
  }

  void key(long number, UniqueKey key) {
    int place = place(number);
    long[] page = page(place);
    page[place % PAGE * WORDS] = key.high();
    page[place % PAGE * WORDS + 1] = key.low();
  }

  void message(long number, long position, int queueId, long queueOffset) {
    int place = place(number);
    long[] page = page(place);
    page[place % PAGE * WORDS + 2] = position;
    page[place % PAGE * WORDS + 3] = queueId;
    page[place % PAGE * WORDS + 4] = queueOffset;
  }

  private int place(long number) {
    return (int) number & (places - 1);
  }

  private long[] page(int place) {
    long[] page = pages[place / PAGE];
    if (page == null) {
      page = new long[Math.min(PAGE, places) * WORDS];
      pages[place / PAGE] = page;
    }
    return page;
  }

  /**
   * Makes room for twice as many; it is full.
   *
   * @param first the number of the oldest row
   * @return how many rows were copied
   */
  int grow(long first) {
    int before = places;
    places *= 2;
    if (places <= PAGE) {
      long[] old = page(0);
      long[] wider = new long[places * WORDS];
      for (long number = first; number < first + before; number++) {
        int from = (int) number & (before - 1);
        System.arraycopy(old, from * WORDS, wider, place(number) * WORDS, WORDS);
      }
      pages[0] = wider;
      return before;
    }
    int count = pages.length;
    long[] @Nullable [] wider = new long[count * 2][];
    long block = first / PAGE;
    for (long at = block; at < block + count; at++) {
      wider[(int) at & (count * 2 - 1)] = pages[(int) at & (count - 1)];
    }
    boolean isShared = first % PAGE > 0; // the page with the oldest rows has the youngest ones, too
    if (isShared) {
      long[] shared = page((int) block & (count - 1), pages);
      wider[(int) (block + count) & (count * 2 - 1)] = shared.clone();
    }
    pages = wider;
    return isShared ? PAGE : 0;
  }

  private static long[] page(int index, long[] @Nullable [] pages) {
    long[] page = pages[index];
    if (page == null) {
      throw new IllegalStateException("a full ring has all its pages");
    }
    return page;
  }
}
