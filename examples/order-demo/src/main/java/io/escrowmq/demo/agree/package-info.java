/**
 * How a service makes its database and its messages agree: four ways behind one face, one of them wrong on
 * purpose.
 */
@NullMarked
package io.escrowmq.demo.agree;

import org.jspecify.annotations.NullMarked;
