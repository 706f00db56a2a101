package io.escrowmq.systemtests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package of the broker uses which. Whoever draws a new arrow, or takes one away, does it here, too. */
final class BrokerArrowsTest {

  private static final String BROKER = "io.escrowmq.broker";
  private static final String WIRING =
      ""; // the package above all: may use every one, is used by none

  /** The lowest first: a package stands below all that use it. */
  private static final String USES = """
      metrics   ->
      filter    ->
      refusal   ->
      visible   -> refusal
      core      -> metrics refusal visible
      edge      -> core refusal
      connected -> core filter
      topic     -> core edge refusal visible
      delay     -> core refusal topic visible
      recent    -> core visible
      intake    -> core delay recent refusal topic visible
      send      -> core delay edge intake metrics recent refusal topic
      tx        -> connected core delay edge intake metrics recent refusal topic visible
      consumer  -> connected core delay edge intake refusal send topic visible
      pull      -> connected consumer core delay edge filter metrics refusal topic tx visible
      replica   -> refusal
      reply     -> connected core edge refusal topic
      route     -> core topic
      admin     -> connected core edge metrics refusal topic
      """;

  @Test
  void shouldDrawTheArrowsOfTheTable() {
    // given
    JavaClasses broker = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(BROKER);

    // when
    Map<String, Set<String>> drawn = new TreeMap<>();
    for (JavaClass one : broker) {
      String from = packageOf(one);
      if (!from.equals(WIRING)) {
        Set<String> to = drawn.computeIfAbsent(from, none -> new TreeSet<>());
        one.getDirectDependenciesFromSelf().stream()
            .map(arrow -> arrow.getTargetClass().getBaseComponentType())
            .filter(used -> isOfBroker(used) && !packageOf(used).equals(from))
            .forEach(used -> to.add(packageOf(used)));
      }
    }

    // then
    assertThat(lines(drawn)).containsExactlyInAnyOrderElementsOf(lines(table()));
  }

  @Test
  void shouldPutPackagesBelowThoseThatUseThem() {
    List<String> below = new ArrayList<>();
    table().forEach((user, used) -> {
      assertThat(below).as("what stands below %s", user).containsAll(used);
      below.add(user);
    });
  }

  private static Map<String, Set<String>> table() {
    Map<String, Set<String>> table = new LinkedHashMap<>();
    USES.lines().forEach(line -> {
      String[] words = line.replace("->", " ").trim().split("\\s+");
      table.put(words[0], new TreeSet<>(List.of(words).subList(1, words.length)));
    });
    return table;
  }

  private static List<String> lines(Map<String, Set<String>> arrows) {
    return arrows.entrySet().stream()
        .map(entry -> entry.getKey() + " -> " + String.join(" ", entry.getValue()))
        .toList();
  }

  private static boolean isOfBroker(JavaClass type) {
    return type.getPackageName().equals(BROKER) || type.getPackageName().startsWith(BROKER + ".");
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(BROKER) ? WIRING : name.substring(BROKER.length() + 1);
  }
}
