package io.escrowmq.client;

import javax.sql.DataSource;

/**
 * Makes what the types of this package are entered by. Not for applications: they begin with {@link
 * EscrowClient#builder}, {@link EscrowJta#on} or {@link IdempotentHandler#on}, which find the library's
 * own implementation as a service, so that this package knows nothing of what is behind it.
 */
public interface ClientProvider {

  EscrowClient.Builder client();

  EscrowJta.Builder jta(EscrowClient client);

  EscrowRecovery narayanaRecovery(EscrowJta jta);

  IdempotentHandler idempotentHandler(DataSource dataSource);
}
