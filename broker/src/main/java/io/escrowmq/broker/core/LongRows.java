package io.escrowmq.broker.core;

/**
 * Numbers for an image, as many as are known before. They stand in pages that are made when they are
 * needed, so that taking them costs a turn neither a large array nor a copy of one.
 */
public final class LongRows {

  private static final int PAGE = 1 << 12;

  private final long size;
  private final long[][] pages;
  private long count;

  public LongRows(long size) {
    this.size = size;
    this.pages = new long[Math.toIntExact((size + PAGE - 1) / PAGE)][];
  }

  public long count() {
    return count;
  }

  public void add(long number) {
    int page = (int) (count / PAGE);
    int place = (int) (count % PAGE);
    if (place == 0) {
      pages[page] = new long[(int) Math.min(PAGE, size - count)];
    }
    pages[page][place] = number;
    count++;
  }

  public long get(long index) {
    return pages[(int) (index / PAGE)][(int) (index % PAGE)];
  }
}
