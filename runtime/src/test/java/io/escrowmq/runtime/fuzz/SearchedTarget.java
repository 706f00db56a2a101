package io.escrowmq.runtime.fuzz;

import java.lang.reflect.Constructor;

/** What Jazzer calls: it finds these methods by their names. */
public final class SearchedTarget {

  static final String CONTRACT = "fuzz.contract";
  static final String TARGET = "fuzz.target";

  private static final int JAZZERS_OWN = 16; // its hooks take memory for each call

  private static FuzzTarget target = FuzzTarget.of("none", input -> {});

  private SearchedTarget() {}

  public static void fuzzerInitialize() throws ReflectiveOperationException {
    Constructor<?> made = Class.forName(System.getProperty(CONTRACT)).getDeclaredConstructor();
    made.setAccessible(true);
    target = ((FuzzContract) made.newInstance()).target(System.getProperty(TARGET));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    target.check(input, JAZZERS_OWN);
  }
}
