package io.escrowmq.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RealFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealStateFilesTest extends StateFilesContract {

  @TempDir
  private Path directory;

  @Override
  FileSystem files() {
    return new RealFileSystem();
  }

  @Override
  Path directory() {
    return directory;
  }

  @Test
  void shouldNotLoadMapDbWhileThereIsNoStateFile() throws Exception {
    // given: a class loader that has our classes, and not MapDB's
    ClassLoader without = new WithoutMapDb(getClass().getClassLoader());
    Class<?> filesType = without.loadClass("io.escrowmq.store.FileSystem");
    Object files =
        without.loadClass("io.escrowmq.store.RealFileSystem").getConstructor().newInstance();
    Object states = without
        .loadClass("io.escrowmq.store.state.StateFiles")
        .getConstructor(filesType, Path.class)
        .newInstance(files, directory);

    // when
    Object newest = states.getClass().getMethod("newest").invoke(states);

    // then
    assertThat(newest).isNull();
  }

  /** Defines our classes itself, so that what they need comes through it too. */
  private static final class WithoutMapDb extends ClassLoader {

    WithoutMapDb(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.mapdb") || name.startsWith("kotlin")) {
        throw new ClassNotFoundException(name + " is not wanted here");
      }
      if (!name.startsWith("io.escrowmq")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
