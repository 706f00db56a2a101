/**
 * The frame: its two header encodings, read and written by hand, and the limits that are held
 * against every number in it before the number is believed. Knows bytes, not the network.
 */
package io.escrowmq.remoting.frame;
