package io.escrowmq.systemtests.architecture;

import static io.escrowmq.systemtests.architecture.ShippedCode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a reader can hold in mind at once: few parts in a constructor, few components in a record. */
final class SizesTest {

  private static final int MOST_PARTS = 8;

  /** Of these, each record is a frame's fields as the protocol has them: one component for each. */
  private static final Set<String> OF_THE_WIRE =
      Set.of(ROOT + "remoting.header", ROOT + "remoting.body");

  private static final String SETTINGS = "one component for each line of the settings";
  private static final String HOT = "made for each message: a group would be one object more";
  private static final String LIST = "a list of what others share, read in one place";
  private static final String PROTOCOL = "what the protocol says of it, field by field";

  /** Records that are longer all the same, and why. */
  private static final Map<String, String> LONGER = Map.of(
      "broker.BrokerSettings", SETTINGS,
      "client.handle.ConsumerSettings", SETTINGS,
      "client.tx.TableSettings", SETTINGS,
      "remoting.RemotingSettings", SETTINGS,
      "broker.send.SendRequest", HOT,
      "remoting.message.NewMessage", HOT,
      "broker.BrokerHost", LIST,
      "client.tx.Surroundings", LIST,
      "broker.consumer.Group", PROTOCOL,
      "namesrv.route.Registration", PROTOCOL);

  private final JavaClasses ours = ShippedCode.CLASSES;

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
  void shouldGroupWhatARecordHasMoreThanEightOf() {
    // when
    Set<String> longer = ours.stream()
        .filter(JavaClass::isRecord)
        .filter(type -> !OF_THE_WIRE.contains(type.getPackageName()))
        .filter(type -> components(type) > MOST_PARTS)
        .map(type -> type.getName().substring(ROOT.length()))
        .collect(Collectors.toSet());

    // then: also none is left in the list that is short now
    assertThat(longer).isEqualTo(LONGER.keySet());
  }

  private static long components(JavaClass record) {
    return record.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .count();
  }
}
