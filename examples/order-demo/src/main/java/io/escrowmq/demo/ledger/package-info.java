/**
 * The independent judge. Reads databases and topics, and of the services nothing but the names in them, and says which of the
 * invariants hold.
 */
@NullMarked
package io.escrowmq.demo.ledger;

import org.jspecify.annotations.NullMarked;
