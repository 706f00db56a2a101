package io.escrowmq.systemtests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.escrowmq.systemtests.architecture.ShippedCode.MODULES;
import static io.escrowmq.systemtests.architecture.ShippedCode.ROOT;
import static io.escrowmq.systemtests.architecture.ShippedCode.calls;
import static io.escrowmq.systemtests.architecture.ShippedCode.onlyIn;
import static io.escrowmq.systemtests.architecture.ShippedCode.outermost;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which module may use which, and what each keeps to itself. */
final class ArchitectureTest {

  private static final Set<String> OF_THE_PROTOCOL =
      Set.of(ROOT + "remoting.Call", ROOT + "remoting.Reply", ROOT + "remoting.code.ResponseCode");

  private final JavaClasses ours = ShippedCode.CLASSES;

  @Test
  void shouldSeeTheClassesOfEveryModule() {
    for (String module : MODULES) {
      assertThat(ours.that(resideInAPackage(ROOT + module + "..")))
          .as("classes of %s", module)
          .isNotEmpty();
    }
  }

  @Test
  void shouldDrawArrowsFromUserToUsedOnly() {
    mayUse("runtime");
    mayUse("remoting", "runtime");
    mayUse("store");
    mayUse("tx");
    mayUse("replication");
    mayUse("namesrv", "runtime", "remoting", "replication");
    mayUse("broker", "runtime", "remoting", "store", "tx", "replication");
    mayUse("client", "runtime", "remoting");
  }

  private void mayUse(String module, String... others) {
    List<String> allowed = new ArrayList<>(List.of(others));
    allowed.add(module);
    String[] forbidden = MODULES.stream()
        .filter(other -> !allowed.contains(other))
        .map(other -> ROOT + other + "..")
        .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(ours);
  }

  @Test
  void shouldLetTheDemoUseWhatApplicationsUse() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "demo..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "store..",
            ROOT + "tx..",
            ROOT + "replication..",
            ROOT + "namesrv..",
            ROOT + "broker..",
            ROOT + "server..",
            ROOT + "client.*..")
        .check(new ClassFileImporter().importPackages(ROOT + "demo"));
  }

  @Test
  void shouldKeepTheCoordinatorPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + "tx..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "tx..",
            "java.lang..",
            "java.util..",
            "java.io..",
            "java.nio.charset..",
            "org.jspecify..")
        .check(ours);
  }

  @Test
  void shouldKeepTheRulesOfReplicationPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + "replication..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "replication..",
            "java.lang..",
            "java.util..",
            "java.io..",
            "java.nio",
            "org.jspecify..")
        .check(ours);
  }

  @Test
  void shouldKeepTheStateFilesLibraryInOnePackage() {
    onlyIn(ROOT + "store.state..", "org.mapdb..").check(ours);
  }

  @Test
  void shouldKeepTheCommandLineInTheServer() {
    onlyIn(ROOT + "server..", "picocli..").check(ours);
  }

  @Test
  void shouldShowApplicationsOnePackageOfTheClient() {
    classes()
        .that()
        .resideInAPackage(ROOT + "client")
        .and()
        .arePublic()
        .should(showOnly(
            ROOT + "client",
            "java.",
            "javax.sql.",
            "javax.transaction.xa.",
            "jakarta.transaction."))
        .check(ours);
  }

  @Test
  void shouldNeedTransactionManagersOnlyWhereTheyAreUsed() {
    onlyIn(ROOT + "client.jta..", "com.arjuna..").check(ours);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "client.jta..")
        .and()
        .haveNameNotMatching("io\\.escrowmq\\.client\\.EscrowJta(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.transaction..")
        .check(ours);
  }

  @Test
  void shouldHaveNoMutableStatics() {
    fields()
        .that()
        .areStatic()
        .and(not(modifier(JavaModifier.SYNTHETIC)))
        .should()
        .beFinal()
        .check(ours);
  }

  @Test
  void shouldHandTheBrokerToNoFeature() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "broker.*..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(ROOT + "broker.Broker")
        .check(ours);
  }

  /**
   * A second protocol must be able to call the same rules: what is refused and why, they say in values of
   * their own. Handlers translate, and {@code edge} has what they share.
   */
  @Test
  void shouldLetNoRuleOfTheBrokerKnowTheProtocol() {
    Set<String> speakers = new TreeSet<>();
    for (JavaClass one : ours.that(resideInAPackage(ROOT + "broker.."))) {
      boolean speaks = one.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getName())
          .anyMatch(OF_THE_PROTOCOL::contains);
      String name = outermost(one).substring(ROOT.length());
      if (speaks
          && !name.startsWith("broker.edge.")
          && !name.startsWith(
              "broker.replica.") // replicas among themselves, at a port of their own
          && !name.endsWith("Handler")) {
        speakers.add(name);
      }
    }

    assertThat(speakers).isEmpty();
  }

  /** A number that is cut to fit its place says something else when it is read: one class looks first. */
  @Test
  void shouldLetTheBrokerWriteItsRecordsThroughOneWriter() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "broker..")
        .should()
        .callMethodWhere(
            calls("a place in a record", "java.nio.ByteBuffer", "putShort", "putInt", "putLong"))
        .orShould()
        .callMethodWhere(calls("a place in a record", "java.io.DataOutput", "writeShort"))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(DataOutputStream.class)
        .check(ours);
  }

  /** A refusal has one number and one wording, wherever it comes from. */
  @Test
  void shouldNumberAndWordRefusalsOnOnePage() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "broker..")
        .and()
        .resideOutsideOfPackages(ROOT + "broker.edge..", ROOT + "broker.replica..")
        .should()
        .callMethod(Reply.class, "refused", ResponseCode.class, String.class)
        .check(ours);
  }

  @Test
  void shouldDrawNoCirclesBetweenPackages() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(ours);
  }

  /** What is behind it is found at run time, so that the package can be read by itself. */
  @Test
  void shouldKeepTheWiringOutOfWhatApplicationsSee() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "client")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "client.*..", ROOT + "remoting.netty..", ROOT + "runtime..")
        .check(ours);
  }

  @Test
  void shouldFinishOrSealEveryPublicClass() {
    classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .and()
        .areNotAssignableTo(Throwable.class)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(ours);
  }

  /** What a caller can see of a class: parameters, results and exceptions of public methods. */
  private static ArchCondition<JavaClass> showOnly(String home, String... others) {
    return new ArchCondition<>("show only types of " + home + " and " + List.of(others)) {
      @Override
      public void check(JavaClass shown, ConditionEvents events) {
        Stream.concat(shown.getMethods().stream(), shown.getConstructors().stream())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .flatMap(method -> Stream.concat(
                method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType())))
            .map(JavaClass::getBaseComponentType)
            .filter(type -> !type.isPrimitive()
                && Stream.of(others).noneMatch(type.getName()::startsWith)
                && !type.getPackageName().equals(home))
            .forEach(type -> events.add(SimpleConditionEvent.violated(
                shown, shown.getName() + " shows " + type.getName())));
      }
    };
  }
}
