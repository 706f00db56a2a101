package io.escrowmq.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fills the page cache, as it is on a machine that has been up for a while, with a file of holes that nobody needs.
 *
 * <p>On a virtual machine a free page may be one that the host has taken back, or never given; its first touch then costs the
 * process that happens to get it more than a thousand times a copy. A broker that writes gigabytes into a cache of free pages
 * is charged for that. With a full cache it gets pages that were in use a moment ago, whichever broker has its turn.
 */
final class CacheFiller {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long LEAVE_FREE_KIB = 400 * 1024;

  private final Path file;
  private final ProcFiles proc;

  CacheFiller(Path file, ProcFiles proc) {
    this.file = file;
    this.proc = proc;
  }

  /** Reads until hardly a page is free; takes nothing on disk. */
  void fill() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    long bytes = 1024 * proc.kibibytes("MemTotal");
    try (RandomAccessFile holes = new RandomAccessFile(file.toFile(), "rw")) {
      holes.setLength(bytes);
      byte[] chunk = new byte[CHUNK_BYTES];
      for (long read = 0; read < bytes && hasFreePages(); read += CHUNK_BYTES) {
        holes.readFully(chunk, 0, (int) Math.min(CHUNK_BYTES, bytes - read));
      }
    }
  }

  /** Gives the pages back. */
  void empty() throws IOException {
    Files.deleteIfExists(file);
  }

  private boolean hasFreePages() throws IOException {
    return proc.kibibytes("MemFree") > LEAVE_FREE_KIB;
  }
}
