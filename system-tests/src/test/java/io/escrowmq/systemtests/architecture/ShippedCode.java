package io.escrowmq.systemtests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The classes that ship, and what several rules ask about them. */
final class ShippedCode {

  static final String ROOT = "io.escrowmq.";

  static final List<String> MODULES = List.of(
      "runtime", "remoting", "store", "tx", "replication", "namesrv", "broker", "client", "server");

  /** Read once for all tests of a process: it takes seconds. */
  static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(MODULES.stream().map(module -> ROOT + module).toList());

  private ShippedCode() {}

  /** The name of the class that a class is in, or its own. */
  static String outermost(JavaClass one) {
    String name = one.getName();
    int inner = name.indexOf('$');
    return inner < 0 ? name : name.substring(0, inner);
  }

  /** No package but this one uses the library. */
  static ArchRule onlyIn(String home, String library) {
    return noClasses()
        .that(not(resideInAPackage(home)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  static DescribedPredicate<JavaCall<?>> calls(String what, String owner, String... methods) {
    List<String> names = List.of(methods);
    return DescribedPredicate.describe(
        "ask for " + what,
        call -> call.getTarget().getOwner().getName().equals(owner)
            && names.contains(call.getTarget().getName()));
  }
}
