/** The rules of the house, held against the compiled classes of all modules. */
package io.escrowmq.systemtests.architecture;
