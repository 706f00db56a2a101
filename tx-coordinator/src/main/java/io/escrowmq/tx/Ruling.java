package io.escrowmq.tx;

import java.util.List;

/** What we make of a report. Nothing has changed yet. */
public sealed interface Ruling {

  /** To be recorded: this verdict on all these half-messages, in one record. */
  record Decide(long id, Verdict verdict, List<StoredHalf> halves) implements Ruling {}

  /** The outcome is not known yet; the next check is scheduled already. */
  record Nothing() implements Ruling {}

  /** It was decided in just this way before. */
  record AlreadySo(Decision decision) implements Ruling {}

  /** It was decided otherwise before; that stands. */
  record Contradicts(Decision decision) implements Ruling {}

  /** Not in escrow, and not among what was decided lately. */
  record NotOpen() implements Ruling {}

  /** The half-message belongs to another group's producers. */
  record NotYours(String owner) implements Ruling {}

  /** Fewer half-messages are here than the producer knows of: deciding would lose some. */
  record Incomplete(int here) implements Ruling {}
}
