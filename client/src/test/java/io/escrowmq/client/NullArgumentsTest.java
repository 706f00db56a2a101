package io.escrowmq.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.handle.GroupConsumerBuilder;
import io.escrowmq.client.jta.BranchJtaBuilder;
import io.escrowmq.client.pull.PollingConsumerBuilder;
import io.escrowmq.client.send.GroupProducerBuilder;
import io.escrowmq.client.tx.ListenerProducerBuilder;
import io.escrowmq.client.tx.TableTransactionsBuilder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

/** Every value that an application hands over is looked at where it is handed over. */
final class NullArgumentsTest {

  private static final Map<Class<?>, Supplier<?>> MADE = Map.of(
      EscrowClient.Builder.class, EscrowClient::builder,
      Message.Draft.class, () -> Message.to("orders"),
      ProducerBuilder.class, () -> new GroupProducerBuilder(settings -> null),
      ConsumerBuilder.class, () -> new GroupConsumerBuilder("stock", settings -> null),
      PullConsumerBuilder.class, () -> new PollingConsumerBuilder("stock", settings -> null),
      EscrowTransactionsBuilder.class, () -> new TableTransactionsBuilder(settings -> null),
      TransactionalProducerBuilder.class,
          () -> new ListenerProducerBuilder("shop", settings -> null),
      IdempotentHandler.class, () -> IdempotentHandler.on(Mockito.mock()),
      EscrowJta.Builder.class, () -> new BranchJtaBuilder(settings -> null));

  private static final List<Class<?>> WITH_FACTORIES =
      List.of(Message.class, Filter.class, StartFrom.class, Verdict.class, EscrowJta.class);

  /** One argument of one method, which is null while the others are not. */
  record Hole(Method method, int argument) {

    @Override
    public String toString() {
      return method.getDeclaringClass().getSimpleName() + "." + method.getName() + ", argument "
          + argument;
    }
  }

  static Stream<Hole> holes() {
    List<Method> methods = new ArrayList<>();
    MADE.keySet().forEach(type -> methods.addAll(List.of(type.getDeclaredMethods())));
    WITH_FACTORIES.forEach(type -> Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .forEach(methods::add));
    return methods.stream()
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .flatMap(method -> Stream.iterate(0, i -> i + 1)
            .limit(method.getParameterCount())
            .filter(i -> !method.getParameterTypes()[i].isPrimitive())
            .map(i -> new Hole(method, i)));
  }

  @ParameterizedTest
  @MethodSource("holes")
  void shouldSayWhatIsNull(Hole hole) {
    // given
    Class<?>[] types = hole.method().getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = i == hole.argument() ? null : some(types[i]);
    }
    Supplier<?> made = MADE.get(hole.method().getDeclaringClass());

    // when, then
    assertThatThrownBy(() -> call(hole.method(), made == null ? null : made.get(), arguments))
        .isInstanceOf(NullPointerException.class)
        .hasMessageMatching("the .+ is null(; .+)?");
  }

  @Test
  void shouldLookAtManyArguments() {
    assertThat(holes()).hasSizeGreaterThan(30);
  }

  private static void call(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Object some(Class<?> type) {
    if (type == String.class) {
      return "some";
    }
    if (type == int.class) {
      return 1;
    }
    if (type == long.class) {
      return 1L;
    }
    if (type == double.class) {
      return 1.0;
    }
    if (type == boolean.class) {
      return true;
    }
    Object known = Map.<Class<?>, Object>of(
            Duration.class, Duration.ofSeconds(1),
            Instant.class, Instant.EPOCH,
            Path.class, Path.of("some"),
            Filter.class, Filter.all(),
            StartFrom.class, StartFrom.begin(),
            Collection.class, List.of(),
            Compression.class, Compression.ZLIB)
        .get(type);
    return known == null && type.isInterface() ? Mockito.mock(type) : known;
  }
}
