package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.UnsupportedByServerException;
import java.util.List;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What only EscrowMQ can do, asked of RocketMQ's own broker: the failure names it, and nothing becomes visible. That
 * sends are marked against duplicates is a property, of which such a broker makes nothing.
 */
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "reference")
final class OwnExtensionsTest {

  private static final Xid BRANCH = new NamedBranch("branch");

  @AutoClose
  private final OwnClients clients;

  private final String group;
  private final String topic;

  OwnExtensionsTest(TestBed bed) {
    clients = new OwnClients(bed);
    group = clients.freshGroup();
    topic = clients.freshTopic(1);
  }

  private enum Extension {
    OUTCOME_TABLE("transactions with an outcome table") {
      @Override
      void use(OwnExtensionsTest test) {
        test.inTransaction(List.of("m"));
      }
    },
    SEVERAL_HALF_MESSAGES("transactions with an outcome table") {
      @Override
      void use(OwnExtensionsTest test) {
        test.inTransaction(List.of("m0", "m1"));
      }
    },
    PREPARE("messages in transactions of a transaction manager") {
      @Override
      void use(OwnExtensionsTest test) throws XAException {
        test.branchOf("m").prepare(BRANCH);
      }
    },
    SEVERAL_IN_ONE_PHASE("messages in transactions of a transaction manager") {
      @Override
      void use(OwnExtensionsTest test) throws XAException {
        test.branchOf("m0", "m1").commit(BRANCH, true);
      }
    },
    RECOVER("prepared in transactions of a transaction manager") {
      @Override
      void use(OwnExtensionsTest test) throws XAException {
        test.branchOf().recover(XAResource.TMSTARTRSCAN);
      }
    };

    private final String name;

    Extension(String name) {
      this.name = name;
    }

    abstract void use(OwnExtensionsTest test) throws XAException;
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeRefusedByItsName(Extension extension) {
    // given
    Audience audience = new Audience(clients.others(), topic);

    // when
    Throwable failure = catchThrowable(() -> extension.use(this));

    // then
    assertThat(Stream.iterate(failure, cause -> cause != null, Throwable::getCause))
        .filteredOn(UnsupportedByServerException.class::isInstance)
        .first()
        .satisfies(named -> assertThat(named)
            .hasMessageContainingAll(
                extension.name, clients.others().brokerAddress(), "use an EscrowMQ broker"));
    audience.sawOnly();
  }

  private void inTransaction(List<String> bodies) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + group + ";DB_CLOSE_DELAY=-1");
    EscrowTransactions transactions =
        clients.client().transactions(database).group(group).createTable().build();
    transactions.inTransaction((connection, messages) ->
        bodies.forEach(body -> messages.send(Message.to(topic).body(body))));
  }

  private EscrowXAResource branchOf(String... bodies) throws XAException {
    EscrowXAResource resource =
        EscrowJta.on(clients.client()).group(group).build().xaResource();
    resource.start(BRANCH, XAResource.TMNOFLAGS);
    for (String body : bodies) {
      resource.send(Message.to(topic).body(body));
    }
    resource.end(BRANCH, XAResource.TMSUCCESS);
    return resource;
  }
}
