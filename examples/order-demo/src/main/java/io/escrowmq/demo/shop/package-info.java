/**
 * The three services, each a process with a database of its own: orders, inventory, payment notices.
 */
@NullMarked
package io.escrowmq.demo.shop;

import org.jspecify.annotations.NullMarked;
