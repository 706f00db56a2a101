package io.escrowmq.systemtests;

import java.nio.file.Path;
import java.util.List;

/** What lies between a server and the disk that its store is on. */
interface StoreDisk {

  /** The words in front of a command line that let it run with the store there. */
  List<String> launcher(Path store);
}
