package io.escrowmq.demo.shop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a customer wants: the same from the same seed. Immutable.
 *
 * @param order its number, from 0
 * @param number the how manieth order of the customer, from 0
 * @param withdrawn the customer takes it back at the last moment: the transaction is rolled back
 */
public record Demand(
    int order, int customer, int number, String item, int quantity, boolean withdrawn) {

  private static final List<String> ITEMS = List.of("teapot", "kettle", "cup");
  private static final int ORDERS_PER_CUSTOMER = 10;
  private static final int LEAST_CUSTOMERS = 4;
  static final int MOST_OPEN = 3; // orders of one customer
  private static final int MOST_OF_AN_ITEM = 3;
  private static final int ONE_WITHDRAWN_IN = 20;
  private static final double STOCKED = 0.7; // of what is wanted

  /** All that is wanted, in the order of its numbers. */
  public static List<Demand> all(long seed, int orders) {
    Random random = new Random(seed);
    int customers = customers(orders);
    Map<Integer, Integer> numbers = new HashMap<>();
    List<Demand> demands = new ArrayList<>();
    for (int order = 0; order < orders; order++) {
      int customer = random.nextInt(customers);
      int number = numbers.merge(customer, 1, Integer::sum) - 1;
      demands.add(new Demand(
          order,
          customer,
          number,
          ITEMS.get(random.nextInt(ITEMS.size())),
          1 + random.nextInt(MOST_OF_AN_ITEM),
          random.nextInt(ONE_WITHDRAWN_IN) == 0));
    }
    return List.copyOf(demands);
  }

  private static int customers(int orders) {
    return Math.max(LEAST_CUSTOMERS, orders / ORDERS_PER_CUSTOMER);
  }

  /** How many of so many orders may be placed and not over. */
  public static int mostOpen(int orders) {
    return MOST_OPEN * customers(orders);
  }

  /** How much of each item there is at first: not enough for all. */
  public static Map<String, Integer> stock(List<Demand> demands) {
    Map<String, Integer> stock = new TreeMap<>();
    for (String item : ITEMS) {
      int wanted = demands.stream()
          .filter(demand -> !demand.withdrawn() && demand.item().equals(item))
          .mapToInt(Demand::quantity)
          .sum();
      stock.put(item, (int) (wanted * STOCKED));
    }
    return stock;
  }
}
