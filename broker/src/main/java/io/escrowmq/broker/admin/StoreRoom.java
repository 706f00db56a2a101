package io.escrowmq.broker.admin;

import io.escrowmq.store.FileSystem;
import java.nio.file.Path;

/** Where the store lies, and how much room is there. */
public record StoreRoom(FileSystem files, Path directory) {}
