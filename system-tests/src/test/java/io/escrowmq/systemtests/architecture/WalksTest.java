package io.escrowmq.systemtests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The walks of {@code docs/architecture.md} are those that the code takes, and they are short. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the classes are read once
final class WalksTest {

  private static final int MOST_HOPS = 40; // from a frame to a consumer
  private static final int MOST_TYPES = 45; // values too
  private static final int WALKS = 4;
  private static final int HALF_MESSAGE = 2;
  private static final int DECISION = 3;
  private static final String COORDINATOR = "TransactionCoordinator";
  private static final Path PAGE = Path.of("..", "docs", "architecture.md");
  private static final Pattern BLOCK = Pattern.compile("```walk\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("( *)([A-Za-z.]+)\\.([A-Za-z]+)(?: +by ([A-Za-z]+))?");

  private final JavaClasses ours = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(
          "io.escrowmq.remoting", "io.escrowmq.store", "io.escrowmq.tx", "io.escrowmq.broker");

  /**
   * One line of a walk.
   *
   * @param by the type that has put it where it is called from; null when its caller calls it by name
   */
  private record Call(
      int depth, String type, String method, @Nullable String by) {

    static Call of(String line) {
      Matcher parts = LINE.matcher(line);
      assertThat(parts.matches()).as("is a call: %s", line).isTrue();
      return new Call(parts.group(1).length(), parts.group(2), parts.group(3), parts.group(4));
    }
  }

  @Test
  void shouldFindEachCallOfEachWalkInTheCode() throws IOException {
    // given
    List<List<Call>> walks = walks();
    assertThat(walks).hasSize(WALKS);

    for (List<Call> walk : walks) {
      Deque<Call> callers = new ArrayDeque<>();
      for (Call call : walk) {
        // when
        while (!callers.isEmpty() && callers.element().depth() >= call.depth()) {
          callers.pop();
        }

        // then
        JavaClass called = find(call.type());
        assertThat(methods(called)).as("methods of %s", call.type()).contains(call.method());
        if (call.by() != null) {
          assertThat(calls(find(call.by()), called, call.method()))
              .as("%s mentions %s", call.by(), call)
              .isTrue();
        } else if (!callers.isEmpty()) {
          assertThat(calls(find(callers.element().type()), called, call.method()))
              .as("%s calls %s", callers.element(), call)
              .isTrue();
        }
        callers.push(call);
      }
    }
  }

  @Test
  void shouldBringAMessageToAConsumerInFewHopsThroughFewTypes() throws IOException {
    // when
    List<Call> walk = walks().get(0);

    // then
    assertThat(walk.stream().filter(call -> call.depth() > 0).count())
        .isLessThanOrEqualTo(MOST_HOPS);
    assertThat(types(walk)).hasSizeLessThanOrEqualTo(MOST_TYPES);
  }

  @Test
  void shouldAskTheCoordinatorOnceAndTellItOnce() throws IOException {
    // when
    List<List<Call>> walks = walks();

    // then
    assertThat(calls(walks.get(HALF_MESSAGE), COORDINATOR)).containsExactly("onHalves", "apply");
    assertThat(calls(walks.get(DECISION), COORDINATOR)).containsExactly("onReport", "apply");
    assertThat(walks.stream().flatMap(List::stream).map(call -> find(call.type())))
        .filteredOn(type -> type.getPackageName().equals("io.escrowmq.tx"))
        .extracting(JavaClass::getSimpleName)
        .containsOnly(COORDINATOR);
  }

  private static List<String> calls(List<Call> walk, String type) {
    return walk.stream()
        .filter(call -> call.type().equals(type))
        .map(Call::method)
        .toList();
  }

  /**
   * The types that are called, and those of ours that a call is handed or gives back. An interface counts
   * only if no type that is met is behind it: else it is the same object that a reader meets.
   */
  private List<String> types(List<Call> walk) {
    Set<JavaClass> met = new HashSet<>();
    for (Call call : walk) {
      JavaClass called = find(call.type());
      met.add(called);
      called.getMethods().stream()
          .filter(method -> method.getName().equals(call.method()))
          .flatMap(method -> Stream.concat(
              method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType())))
          .filter(ours::contains)
          .forEach(met::add);
    }
    return met.stream()
        .filter(type -> !type.isInterface()
            || met.stream()
                .noneMatch(other -> !other.isInterface() && other.isAssignableTo(type.getName())))
        .map(JavaClass::getSimpleName)
        .sorted()
        .toList();
  }

  private static List<List<Call>> walks() throws IOException {
    List<List<Call>> walks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    while (block.find()) {
      walks.add(block.group(1).lines().map(Call::of).toList());
    }
    return walks;
  }

  private JavaClass find(String name) {
    String nested = name.replace('.', '$');
    List<JavaClass> found =
        ours.stream().filter(one -> one.getName().endsWith("." + nested)).toList();
    assertThat(found).as("classes called %s", name).hasSize(1);
    return found.get(0);
  }

  private static List<String> methods(JavaClass one) {
    return one.getMethods().stream().map(method -> method.getName()).toList();
  }

  /** Whether the class, or one inside of it, calls or names the method, of the type or of one above it. */
  private boolean calls(JavaClass caller, JavaClass called, String method) {
    return ours.stream()
        .filter(one -> one.equals(caller) || one.getName().startsWith(caller.getName() + "$"))
        .flatMap(one -> Stream.<CodeUnitAccessTarget>concat(
            one.getMethodCallsFromSelf().stream().map(call -> call.getTarget()),
            one.getMethodReferencesFromSelf().stream().map(named -> named.getTarget())))
        .anyMatch(target -> target.getName().equals(method)
            && called.isAssignableTo(target.getOwner().getName()));
  }
}
