package io.escrowmq.systemtests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.escrowmq.systemtests.architecture.ShippedCode.ROOT;
import static io.escrowmq.systemtests.architecture.ShippedCode.calls;
import static io.escrowmq.systemtests.architecture.ShippedCode.onlyIn;
import static io.escrowmq.systemtests.architecture.ShippedCode.outermost;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.SecureRandom;
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

/** The doors to the world outside: files, network, time, threads and chance. */
final class DoorsTest {

  private final JavaClasses ours = ShippedCode.CLASSES;

  @Test
  void shouldKeepTheNetworkLibraryInOnePackage() {
    onlyIn(ROOT + "remoting.netty..", "io.netty..").check(ours);
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
          .filter(DoorsTest::makesThreads)
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
}
