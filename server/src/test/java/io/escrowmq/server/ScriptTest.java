package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/escrowmq} with the real shell, on JDKs and a Maven that only say what they are told. */
class ScriptTest {

  private static final Path SCRIPT = Path.of("..", "bin", "escrowmq");

  private record ScriptResult(int code, String out, String err) {}

  @TempDir
  private Path directory;

  private Path home;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void installADistribution() throws IOException {
    home = directory.resolve("dist");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(SCRIPT, home.resolve("bin/escrowmq"));
    addJar(home.resolve("lib"));
    environment.put("ESCROWMQ_CACHE", "none");
    environment.put("JAVA_HOME", jdk("newest", 99).toString());
  }

  @Test
  void shouldTakeTheNewestJdkThatItFinds() throws Exception {
    // when
    ScriptResult ended = run("config");

    // then
    assertThat(ended.out()).startsWith("java 99 ");
    assertThat(ended.out())
        .contains("-jar " + home.toRealPath().resolve("lib/server-1.jar") + " config");
  }

  @Test
  void shouldTakeTheJdkThatItIsTold() throws Exception {
    // given
    environment.put("ESCROWMQ_JAVA", jdk("told", 17).toString());

    // when
    ScriptResult ended = run("config");

    // then
    assertThat(ended.out()).startsWith("java 17 ");
  }

  @Test
  void shouldRefuseAJdkThatIsTooOld() throws Exception {
    // given
    environment.put("ESCROWMQ_JAVA", jdk("old", 11).toString());

    // when
    ScriptResult ended = run("config");

    // then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("version 11.0.1; 17 or newer is needed");
  }

  @Test
  void shouldGiveEachJdkTheOptionsThatItUnderstands() throws Exception {
    // when
    ScriptResult newest = run("config");
    environment.put("ESCROWMQ_JAVA", jdk("older", 17).toString());
    ScriptResult older = run("config");

    // then
    assertThat(newest.out()).contains("--sun-misc-unsafe-memory-access=allow");
    assertThat(older.out()).doesNotContain("--sun-misc-unsafe");
  }

  @Test
  void shouldHandOverHeapAndOptions() throws Exception {
    // given
    environment.put("ESCROWMQ_HEAP", "1g");
    environment.put("ESCROWMQ_JAVA_OPTS", "-Da=1 -Db=*");

    // when
    ScriptResult ended = run("config", "--set", "store.dir=with blank");

    // then
    assertThat(ended.out()).contains("-Xmx1g ", " -Da=1 -Db=* ", "--set store.dir=with blank");
  }

  @Test
  void shouldFindItsHomeThroughSymbolicLinks() throws Exception {
    // given
    Path link = Files.createSymbolicLink(directory.resolve("second"), Path.of("first"));
    Files.createSymbolicLink(directory.resolve("first"), Path.of("dist/bin/escrowmq"));

    // when
    ScriptResult ended = start(link, "config");

    // then
    assertThat(ended.out())
        .contains(home.toRealPath().resolve("lib/server-1.jar").toString());
  }

  @Test
  void shouldMakeTheArchiveOnceAndUseItThen() throws Exception {
    // given
    environment.put("ESCROWMQ_CACHE", directory.resolve("cache").toString());

    // when
    ScriptResult first = run("server");
    ScriptResult second = run("server");

    // then
    assertThat(first.err()).contains("preparing quick starts");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains(directory.resolve("cache").toString());
  }

  @Test
  void shouldStartWithoutArchiveWhereNoneCanBeKept() throws Exception {
    // given
    environment.put("ESCROWMQ_CACHE", "/proc/nowhere");
    environment.put("XDG_CACHE_HOME", "/proc/nowhere");

    // when
    ScriptResult ended = run("server");

    // then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("server-1.jar server");
  }

  @Test
  void shouldBuildASourceCheckoutOnceAndAgainWhenASourceIsAnother() throws Exception {
    // given
    Path source = Files.createDirectories(home.resolve("store/src/main")).resolve("A.java");
    Files.writeString(source, "class A {}");
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    environment.put("PATH", maven() + ":" + System.getenv("PATH"));

    // when
    ScriptResult first = run("config");
    ScriptResult second = run("config");
    Files.writeString(source, "class A { int more; }");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
    ScriptResult third = run("config");

    // then
    assertThat(first.err()).contains("building the server from source, once");
    assertThat(first.out()).contains("server/target/escrowmq/lib/server-2.jar");
    assertThat(second.err()).isEmpty();
    assertThat(third.err()).contains("building the server from source, once");
  }

  @Test
  void shouldSayWhatItBuilds() throws Exception {
    // given
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    environment.put("PATH", maven() + ":" + System.getenv("PATH"));
    run("config");

    // when
    ScriptResult demo = run("demo");
    Path lib = Files.createDirectories(home.resolve("examples/order-demo/target/order-demo/lib"));
    Files.writeString(lib.resolve("order-demo-1.jar"), "no jar");
    ScriptResult again = run("demo");

    // then
    assertThat(demo.err()).contains("building the demo from source, once");
    assertThat(again.err()).isEmpty();
  }

  /** Another path, and times in another order. */
  @Test
  void shouldNotBuildACopyOfABuiltTreeAgain() throws Exception {
    // given
    Path source = Files.createDirectories(home.resolve("store/src/main")).resolve("A.java");
    Files.writeString(source, "class A {}");
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    environment.put("PATH", maven() + ":" + System.getenv("PATH"));
    run("config");
    Path copy = directory.resolve("copy");
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted().toList()) {
        Path copied = Files.copy(file, copy.resolve(home.relativize(file).toString()));
        boolean isBuilt = file.startsWith(home.resolve("server/target"));
        Files.setLastModifiedTime(
            copied, FileTime.from(Instant.now().plusSeconds(isBuilt ? 60 : 120)));
      }
    }

    // when
    ScriptResult first = start(copy.resolve("bin/escrowmq"), "config");
    ScriptResult second = start(copy.resolve("bin/escrowmq"), "config");
    Files.writeString(copy.resolve("store/src/main/A.java"), "class A { int more; }");
    Files.setLastModifiedTime(
        copy.resolve("store/src/main/A.java"), FileTime.from(Instant.now().plusSeconds(240)));
    ScriptResult changed = start(copy.resolve("bin/escrowmq"), "config");

    // then
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).contains(copy.toRealPath().resolve("server/target").toString());
    assertThat(second.err()).isEmpty();
    assertThat(changed.err()).contains("building the server from source, once");
  }

  @ParameterizedTest
  @CsvSource({
    "--version, escrowmq 7.8",
    "-V, escrowmq 7.8",
    "--help, Usage: escrowmq",
    "-h, Usage: escrowmq",
    "help, Usage: escrowmq",
  })
  void shouldBuildNothingToSayWhatItIs(String question, String beginning) throws Exception {
    // given
    Files.writeString(home.resolve("pom.xml"), "<project>\n  <version>7.8</version>\n</project>");
    environment.put("PATH", maven() + ":" + System.getenv("PATH"));

    // when
    ScriptResult unbuilt = run(question);
    run("config");
    Path source = Files.createDirectories(home.resolve("store/src/main")).resolve("A.java");
    Files.writeString(source, "class A { int more; }");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
    ScriptResult built = run(question);

    // then
    assertThat(unbuilt.code()).isZero();
    assertThat(unbuilt.out()).startsWith(beginning);
    assertThat(unbuilt.err()).isEmpty();
    assertThat(built.out()).startsWith("java 99").contains(question);
    assertThat(built.err()).isEmpty();
  }

  @Test
  void shouldNameEveryCommandBeforeItIsBuilt() throws Exception {
    // given
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    PrintWriter unused = new PrintWriter(Writer.nullWriter());
    Set<String> commands = Main.commandLine(Map.of(), new Exit(unused), unused, unused)
        .getSubcommands()
        .keySet();

    // when
    ScriptResult help = run("--help");

    // then
    assertThat(help.out().split("[\\s,;.:]+")).containsAll(commands).contains("demo");
  }

  @Test
  void shouldShowTheHelpOfTheDemoOnceItIsBuilt() throws Exception {
    // given
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    addJar(home.resolve("server/target/escrowmq/lib"));

    // when
    ScriptResult before = run("demo", "--help");
    Path lib = Files.createDirectories(home.resolve("examples/order-demo/target/order-demo/lib"));
    Files.writeString(lib.resolve("order-demo-1.jar"), "no jar");
    ScriptResult after = run("demo", "--help");

    // then
    assertThat(before.out()).startsWith("java 99").doesNotContain("io.escrowmq.demo.Main");
    assertThat(after.out().strip()).endsWith("io.escrowmq.demo.Main --help");
  }

  @Test
  void shouldSayWhereTheLogOfAFailedBuildIs() throws Exception {
    // given
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Path maven = Files.createDirectories(directory.resolve("maven"));
    program(maven.resolve("mvn"), "echo it does not compile; exit 1");
    environment.put("PATH", maven + ":" + System.getenv("PATH"));

    // when
    ScriptResult ended = run("config");

    // then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("it does not compile", "server/target/build.log");
    assertThat(home.resolve("server/target/building")).doesNotExist();
  }

  private ScriptResult run(String... arguments) throws Exception {
    return start(home.resolve("bin/escrowmq"), arguments);
  }

  private ScriptResult start(Path script, String... arguments) throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add("sh");
    builder.command().add(script.toString());
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().keySet().removeIf(name -> name.startsWith("ESCROWMQ_"));
    builder.environment().put("HOME", directory.toString());
    builder.environment().putAll(environment);
    Process process =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new ScriptResult(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  /** A JDK whose java prints its version and arguments, and writes the archive that is asked for. */
  private Path jdk(String name, int version) throws IOException {
    Path jdk = directory.resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "A=\"b\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
    program(jdk.resolve("bin/java"), """
        for word in "$@"; do
          case $word in
            -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*) echo classes >"${word#*=}" ;;
          esac
        done
        echo java %d "$@"
        """.formatted(version));
    return jdk;
  }

  /** A Maven that "builds" one jar; the folder that it lies in. */
  private Path maven() throws IOException {
    Path maven = Files.createDirectories(directory.resolve("maven"));
    program(maven.resolve("mvn"), """
        mkdir -p server/target/escrowmq/lib
        touch -d '1 minute' server/target/escrowmq/lib/server-2.jar
        """);
    return maven;
  }

  private static void addJar(Path lib) throws IOException {
    Files.createDirectories(lib);
    Files.writeString(lib.resolve("server-1.jar"), "no jar");
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
