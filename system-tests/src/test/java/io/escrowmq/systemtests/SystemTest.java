package io.escrowmq.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test class that works with processes; gets the {@link TestBed} handed in. Its tests run side by side with others
 * (a parameterized class does not take that from the configuration), so each uses names of its own.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
@ExtendWith(TestBed.SharedBed.class)
@Execution(ExecutionMode.CONCURRENT)
@interface SystemTest {}
