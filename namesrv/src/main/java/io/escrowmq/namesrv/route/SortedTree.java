package io.escrowmq.namesrv.route;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map from text that never changes: {@link #with} and {@link #without} give a new one that
 * shares all but one path with the old. Immutable.
 *
 * <p>It is what lets a route image of 100,000 topics follow from the one before it at the price of
 * one topic. A weight-balanced tree rather than a hash trie: nobody can choose names that collide,
 * and topic lists come out sorted.
 */
final class SortedTree<V> {

  // With these two (Hirai and Yamamoto, "Balancing weight-balanced trees", 2011) one single or
  // double rotation restores the balance after each insertion and deletion.
  private static final int DELTA = 3;
  private static final int RATIO = 2;

  private static final SortedTree<?> EMPTY = new SortedTree<>(null);

  /** {@code size}: this node and all below it. */
  private record Node<V>(
      String key,
      V value,
      int size,
      @Nullable Node<V> left,
      @Nullable Node<V> right) {}

  private final @Nullable Node<V> root;

  private SortedTree(@Nullable Node<V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked") // an empty tree holds no value of any type
  static <V> SortedTree<V> empty() {
    return (SortedTree<V>) EMPTY;
  }

  int size() {
    return size(root);
  }

  /** Levels from the root to the deepest entry. */
  int depth() {
    return depth(root);
  }

  @Nullable
  V find(String key) {
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  SortedTree<V> with(String key, V value) {
    return new SortedTree<>(insert(root, key, value));
  }

  SortedTree<V> without(String key) {
    return find(key) == null ? this : new SortedTree<>(delete(root, key));
  }

  /** In the order of the keys. */
  void forEach(BiConsumer<String, V> action) {
    walk(root, action);
  }

  private static int depth(@Nullable Node<?> node) {
    return node == null ? 0 : 1 + Math.max(depth(node.left), depth(node.right));
  }

  private static <V> void walk(@Nullable Node<V> node, BiConsumer<String, V> action) {
    if (node == null) {
      return;
    }
    walk(node.left, action);
    action.accept(node.key, node.value);
    walk(node.right, action);
  }

  private static <V> Node<V> insert(@Nullable Node<V> node, String key, V value) {
    if (node == null) {
      return new Node<>(key, value, 1, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.size, node.left, node.right);
    }
    return order < 0
        ? balance(node, insert(node.left, key, value), node.right)
        : balance(node, node.left, insert(node.right, key, value));
  }

  private static <V> @Nullable Node<V> delete(@Nullable Node<V> node, String key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balance(node, delete(node.left, key), node.right);
    }
    if (order > 0) {
      return balance(node, node.left, delete(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node<V> next = first(node.right);
    return balance(next, node.left, delete(node.right, next.key));
  }

  private static <V> Node<V> first(Node<V> node) {
    Node<V> first = node;
    for (Node<V> left = first.left; left != null; left = left.left) {
      first = left;
    }
    return first;
  }

  /** The entry of {@code node} above these two, rotated when one side outweighs the other. */
  private static <V> Node<V> balance(
      Node<V> node, @Nullable Node<V> left, @Nullable Node<V> right) {
    if (right != null && isHeavier(right, left)) {
      if (weight(right.left) < RATIO * weight(right.right)) {
        return join(right, join(node, left, right.left), right.right);
      }
      Node<V> middle = present(right.left);
      return join(middle, join(node, left, middle.left), join(right, middle.right, right.right));
    }
    if (left != null && isHeavier(left, right)) {
      if (weight(left.right) < RATIO * weight(left.left)) {
        return join(left, left.left, join(node, left.right, right));
      }
      Node<V> middle = present(left.right);
      return join(middle, join(left, left.left, middle.left), join(node, middle.right, right));
    }
    return join(node, left, right);
  }

  private static <V> boolean isHeavier(Node<V> one, @Nullable Node<V> other) {
    return weight(one) > DELTA * weight(other);
  }

  private static <V> Node<V> present(@Nullable Node<V> node) {
    if (node == null) {
      throw new IllegalStateException("the inner side of a double rotation is empty");
    }
    return node;
  }

  private static <V> Node<V> join(Node<V> entry, @Nullable Node<V> left, @Nullable Node<V> right) {
    return new Node<>(entry.key, entry.value, size(left) + size(right) + 1, left, right);
  }

  private static int weight(@Nullable Node<?> node) {
    return size(node) + 1;
  }

  private static int size(@Nullable Node<?> node) {
    return node == null ? 0 : node.size;
  }
}
