/** How bytes survive: one log, and the views built on it. Knows no network. This package is the face; segments, recovery and flushing behind it are package-private. */
package io.escrowmq.store;
