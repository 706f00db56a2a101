package io.escrowmq.store.queue;

import java.nio.file.Path;

/**
 * A part of a queue, or a run of keys, that the disk did not give when it was last read. Immutable.
 *
 * @param file in which it is
 * @param part what it is, in words
 * @param why what the disk said
 */
public record UnreadPart(Path file, String part, String why) {}
