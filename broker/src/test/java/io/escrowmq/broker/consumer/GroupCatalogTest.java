package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupCatalogTest {

  private static final Group UNUSUAL = new Group(
      "g", false, false, false, true, 4, 3, 5, 6, false, 7, 8, Map.of("a", "b"), Set.of("T"));

  private final GroupCatalog catalog = new GroupCatalog(HeapBudget.unbounded());

  @Test
  void shouldKnowChangedGroupWithAllItsFields() {
    // when
    catalog.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1_000, UNUSUAL)));

    // then
    assertThat(catalog.find("g")).isEqualTo(UNUSUAL);
    assertThat(UNUSUAL.mayRead("T")).isFalse();
    assertThat(UNUSUAL.mayRead("U")).isTrue();
    assertThat(catalog.version()).isEqualTo(new GroupVersion(1_000, 1));
  }

  @Test
  void shouldForgetDeletedGroup() {
    // given
    catalog.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1_000, UNUSUAL)));

    // when
    catalog.applyDeleted(ByteBuffer.wrap(GroupRecords.deleted(2_000, "g", false)));

    // then
    assertThat(catalog.find("g")).isNull();
    assertThat(catalog.size()).isZero();
    assertThat(catalog.version()).isEqualTo(new GroupVersion(2_000, 2));
  }

  @Test
  void shouldKnowTheSystemsOwnGroups() {
    assertThat(catalog.find("TOOLS_CONSUMER")).isEqualTo(Group.withDefaults("TOOLS_CONSUMER"));
    assertThat(catalog.all())
        .extracting(Group::name)
        .contains("TOOLS_CONSUMER", "SELF_TEST_C_GROUP");
  }

  @Test
  void shouldLookTheSameAfterRestore() throws IOException {
    // given
    catalog.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1_000, UNUSUAL)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    catalog.image().writeTo(new DataOutputStream(bytes));

    // when
    GroupCatalog restored = new GroupCatalog(HeapBudget.unbounded());
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(restored.all()).isEqualTo(catalog.all());
    assertThat(restored.version()).isEqualTo(catalog.version());
  }

  @Test
  void shouldSayWhetherThereIsMemoryForAGroupAtTheLimitAndBeyond() {
    // given
    GroupCatalog small = new GroupCatalog(new MemoryShare("groups", 2 * UNUSUAL.bytes()));
    Group larger = UNUSUAL.withUnreadable(Set.of("T", "U"));

    // when
    small.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1_000, UNUSUAL)));
    small.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1_000, UNUSUAL)));

    // then
    assertThat(small.refusal(Group.withDefaults("h"))).isNull();
    assertThat(small.refusal(larger)).isNull();

    // when
    small.applyChanged(ByteBuffer.wrap(GroupRecords.changed(2_000, larger)));
    small.applyChanged(ByteBuffer.wrap(GroupRecords.changed(2_000, Group.withDefaults("h"))));

    // then
    assertThat(small.refusal(Group.withDefaults("i"))).contains("groups", "memory");
    assertThat(small.refusal(UNUSUAL)).as("less than it is").isNull();

    // when
    small.applyDeleted(ByteBuffer.wrap(GroupRecords.deleted(3_000, "h", false)));

    // then
    assertThat(small.refusal(Group.withDefaults("i"))).isNull();
  }
}
