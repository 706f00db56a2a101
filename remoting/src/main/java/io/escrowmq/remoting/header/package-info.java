/**
 * One record per request and response header: the fields by the names that we use, mapped by hand
 * to their names on the wire. Immutable, all of them. {@code FIELDS} reads, {@code writeTo} writes.
 */
package io.escrowmq.remoting.header;
