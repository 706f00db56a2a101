package io.escrowmq.client.jta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BranchIdTest {

  @Test
  void shouldBeTheSameAfterItsNameWasRead() {
    // given
    BranchId id = BranchId.of(xid(0x20000, 17, 31));

    // when
    BranchId read = BranchId.parse(id.name());

    // then
    assertThat(read).isEqualTo(id).hasSameHashCodeAs(id);
    assertThat(read.getFormatId()).isEqualTo(0x20000);
    assertThat(read.getGlobalTransactionId()).hasSize(17).contains(1);
    assertThat(read.getBranchQualifier()).hasSize(31).contains(2);
  }

  @Test
  void shouldFitIntoANameWhenItIsAsLongAsCanBe() {
    // given
    BranchId id = BranchId.of(xid(-2, Xid.MAXGTRIDSIZE, Xid.MAXBQUALSIZE));

    // when
    String name = id.name();

    // then
    assertThat(name).hasSizeLessThanOrEqualTo(255);
    assertThat(BranchId.parse(name)).isEqualTo(id);
  }

  @Test
  void shouldTellBranchesOfOneTransactionApart() {
    assertThat(BranchId.of(xid(1, 4, 5)))
        .isEqualTo(BranchId.of(xid(1, 4, 5)))
        .isNotEqualTo(BranchId.of(xid(1, 4, 6)))
        .isNotEqualTo(BranchId.of(xid(2, 4, 5)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "xa.",
        "order-7",
        "xa.1.AA",
        "xa.1.AA.AA.AA",
        "xa.zz.AA.AA",
        "xa.1.!.AA",
        "xa.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AA"
      })
  void shouldLeaveOtherNamesToOthers(String name) {
    assertThat(BranchId.parse(name)).isNull();
  }

  static Xid xid(int format, int globalBytes, int branchBytes) {
    byte[] global = new byte[globalBytes];
    Arrays.fill(global, (byte) 1);
    byte[] branch = new byte[branchBytes];
    Arrays.fill(branch, (byte) 2);
    return new Xid() {
      @Override
      public int getFormatId() {
        return format;
      }

      @Override
      public byte[] getGlobalTransactionId() {
        return global;
      }

      @Override
      public byte[] getBranchQualifier() {
        return branch;
      }
    };
  }
}
