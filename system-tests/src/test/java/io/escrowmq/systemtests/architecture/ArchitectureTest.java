package io.escrowmq.systemtests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.io.DataOutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which module may use which, and the four doors: time, files, network, threads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the classes are read once
final class ArchitectureTest {

  private static final String ROOT = "io.escrowmq.";
  private static final List<String> MODULES =
      List.of("runtime", "remoting", "store", "tx", "namesrv", "broker", "client", "server");

  private static final Set<String> OF_THE_PROTOCOL =
      Set.of(ROOT + "remoting.Call", ROOT + "remoting.Reply", ROOT + "remoting.code.ResponseCode");

  private static final int MOST_PARTS = 8; // what a constructor may ask for

  private final JavaClasses ours = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(MODULES.stream().map(module -> ROOT + module).toList());

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
    mayUse("namesrv", "runtime", "remoting");
    mayUse("broker", "runtime", "remoting", "store", "tx");
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
  void shouldKeepTheNetworkLibraryInOnePackage() {
    onlyIn(ROOT + "remoting.netty..", "io.netty..");
  }

  /** All others are handed a {@code Network}, which may be one that a test has made. */
  @Test
  void shouldNameTheRealNetworkOnlyWhereThingsAreWired() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "remoting.netty..", ROOT + "server..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "client.wiring.ClientSurroundings")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "remoting.netty..")
        .check(ours);
  }

  @Test
  void shouldKeepTheStateFilesLibraryInOnePackage() {
    onlyIn(ROOT + "store.state..", "org.mapdb..");
  }

  @Test
  void shouldKeepTheCommandLineInTheServer() {
    onlyIn(ROOT + "server..", "picocli..");
  }

  private void onlyIn(String home, String library) {
    noClasses()
        .that(not(resideInAPackage(home)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(ours);
  }

  @Test
  void shouldTouchFilesOnlyBehindTheDoors() {
    noClasses()
        .that()
        .haveNameNotMatching("io\\.escrowmq\\.store\\.(RealFileSystem|RealFile|Mappings)(\\$.*)?")
        // the name server keeps one small file, behind a door of its own: it does not know the
        // store
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "namesrv.kv.DiskKvFile")
        .and()
        // and so does a broadcasting consumer
        .doNotHaveFullyQualifiedName(ROOT + "client.wiring.DiskFiles")
        // the launcher reads its configuration before there is anything behind a door
        .and()
        .resideOutsideOfPackage(ROOT + "server..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Files.class, FileChannel.class, RandomAccessFile.class)
        .check(ours);
  }

  @Test
  void shouldAskTheClockOnlyWhereThingsAreWired() {
    noClasses()
        .that(not(resideInAnyPackage(ROOT + "server..")))
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.SystemTicker")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.Surroundings")
        .should()
        .callMethodWhere(
            calls("the system's clock", "java.lang.System", "currentTimeMillis", "nanoTime"))
        .orShould()
        .callMethodWhere(calls("the system's clock", "java.time.Instant", "now"))
        .orShould()
        .callMethodWhere(calls(
            "the system's clock", "java.time.Clock", "systemUTC", "systemDefaultZone", "system"))
        .orShould()
        .callMethodWhere(calls("the system's clock", "java.time.InstantSource", "system"))
        .check(ours);
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
    onlyIn(ROOT + "client.jta..", "com.arjuna..");
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

  /**
   * A loop that one exception ends is a part of the system that is gone for good. So threads are made in
   * these places only, and each goes on after a failure, or has nothing to go on with; its test says so.
   */
  @Test
  void shouldMakeThreadsOnlyWhereOneFailureEndsNothing() {
    Set<String> makers = new TreeSet<>();
    for (JavaClass one : ours) {
      Stream.concat(
              one.getConstructorCallsFromSelf().stream(), one.getMethodCallsFromSelf().stream())
          .filter(ArchitectureTest::makesThreads)
          .forEach(call -> makers.add(outermost(one).substring(ROOT.length())));
    }

    assertThat(makers)
        .containsExactly(
            "remoting.netty.SystemSockets", // event loops; the network library goes on after a task
            "runtime.LoopThread", // all loops; LoopsContract
            "runtime.ThreadPool", // a pool; LoopsContract
            "server.Exit"); // what is done once, at the end
  }

  @Test
  void shouldDrawNumbersOnlyBehindTheDoor() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.SystemChance")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Random.class, SecureRandom.class, SplittableRandom.class, ThreadLocalRandom.class)
        .orShould()
        .callMethodWhere(calls("chance", "java.util.UUID", "randomUUID"))
        .orShould()
        .callMethodWhere(calls("chance", "java.lang.Math", "random"))
        .check(ours);
  }

  private static boolean makesThreads(JavaCall<?> call) {
    JavaClass owner = call.getTarget().getOwner();
    String name = call.getTarget().getName();
    boolean makes = owner.isAssignableTo(Thread.class)
        || owner.isAssignableTo(ExecutorService.class)
        || owner.isAssignableTo(Timer.class);
    return (name.equals("<init>") && makes)
        || owner.getName().equals(Executors.class.getName())
        || (owner.getName().equals(CompletableFuture.class.getName()) && name.endsWith("Async"));
  }

  private static String outermost(JavaClass one) {
    String name = one.getName();
    int inner = name.indexOf('$');
    return inner < 0 ? name : name.substring(0, inner);
  }

  @Test
  void shouldNeverSleep() {
    noClasses()
        .should()
        .callMethodWhere(calls("sleep", "java.lang.Thread", "sleep"))
        .orShould()
        .callMethodWhere(calls("sleep", "java.util.concurrent.TimeUnit", "sleep"))
        .check(ours);
  }

  /** A wait past the door would stop a simulation for good: nothing else could go on meanwhile. */
  @Test
  void shouldLetClientsWaitThroughTheDoorOnly() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "client..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Condition.class, CountDownLatch.class)
        .orShould()
        .callMethodWhere(calls("a wait", "java.lang.Object", "wait"))
        .orShould()
        .callMethodWhere(calls("a wait", "java.util.concurrent.CompletableFuture", "get", "join"))
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
      if (speaks && !name.startsWith("broker.edge.") && !name.endsWith("Handler")) {
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
        .resideOutsideOfPackage(ROOT + "broker.edge..")
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
  void shouldMakeNothingOfMoreThanEightParts() {
    assertThat(ours.stream()
            .filter(type -> !type.isRecord() && !type.isEnum())
            .flatMap(type -> type.getConstructors().stream())
            .filter(constructor -> constructor.getRawParameterTypes().size() > MOST_PARTS)
            .map(JavaConstructor::getFullName))
        .isEmpty();
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

  private static DescribedPredicate<JavaCall<?>> calls(
      String what, String owner, String... methods) {
    List<String> names = List.of(methods);
    return DescribedPredicate.describe(
        "ask for " + what,
        call -> call.getTarget().getOwner().getName().equals(owner)
            && names.contains(call.getTarget().getName()));
  }
}
