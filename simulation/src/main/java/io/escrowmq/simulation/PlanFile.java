package io.escrowmq.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A plan as text: three lines, the last one names the steps that are left out, as ranges. */
final class PlanFile {

  private static final String SEED = "seed ";
  private static final String STEPS = "steps ";
  private static final String WITHOUT = "without";

  private PlanFile() {}

  static void write(Path file, Plan plan) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(SEED).append(plan.seed()).append('\n');
    text.append(STEPS).append(plan.steps()).append('\n');
    text.append(WITHOUT);
    List<Integer> all = new ArrayList<>(plan.leftOut());
    for (int i = 0; i < all.size(); ) {
      int last = i;
      while (last + 1 < all.size() && all.get(last + 1) == all.get(last) + 1) {
        last++;
      }
      text.append(' ').append(all.get(i)).append('-').append(all.get(last));
      i = last + 1;
    }
    Files.writeString(file, text.append('\n'));
  }

  /** @throws IOException when there is no such file, or it holds something else */
  static Plan read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.size() != 3
        || !lines.get(0).startsWith(SEED)
        || !lines.get(1).startsWith(STEPS)
        || !lines.get(2).startsWith(WITHOUT)) {
      throw new IOException(file + " is not what the simulation wrote");
    }
    TreeSet<Integer> without = new TreeSet<>();
    String ranges = lines.get(2).substring(WITHOUT.length()).strip();
    for (String range : ranges.isEmpty() ? List.<String>of() : List.of(ranges.split(" ", -1))) {
      String[] ends = range.split("-", 2);
      for (int step = Integer.parseInt(ends[0]); step <= Integer.parseInt(ends[1]); step++) {
        without.add(step);
      }
    }
    return new Plan(
        Long.parseLong(lines.get(0).substring(SEED.length())),
        Integer.parseInt(lines.get(1).substring(STEPS.length())),
        without);
  }
}
