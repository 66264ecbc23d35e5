package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import java.time.InstantSource;

/// Makes ids of every kind from one growing counter.
///
/// Bits 62 to 22 hold milliseconds since 1970, 21 to 12 the instance, 11 to 0 a counter: upstream's
/// form, except that a burst of more than 4,096 ids borrows from the milliseconds to come instead
/// of issuing a number twice. Guarded by the store lock.
final class IdGenerator {
  private static final int COUNTER_BITS = 12;
  private static final int INSTANCE_BITS = 10;
  private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
  private static final long INSTANCE_MASK = (1L << INSTANCE_BITS) - 1;

  private final InstantSource clock;
  private final long instanceId;
  private long last;

  IdGenerator(InstantSource clock, long instanceId) {
    this.clock = clock;
    this.instanceId = instanceId;
  }

  ObjectId object() {
    return new ObjectId(next(instanceId) & Long.MAX_VALUE);
  }

  /// Blob ids say nothing about the instance, so two daemons may issue the same one.
  ObjectId blob() {
    return new ObjectId(next(0) | Long.MIN_VALUE);
  }

  long signature() {
    return next(instanceId) & Long.MAX_VALUE;
  }

  long session() {
    return next(0) & Long.MAX_VALUE;
  }

  /// Whether an object's id was made by an instance, as far as the id tells.
  static boolean isOf(ObjectId id, long instanceId) {
    return ((id.value() >>> COUNTER_BITS) & INSTANCE_MASK) == (instanceId & INSTANCE_MASK);
  }

  private long next(long instance) {
    last = Math.max(last + 1, clock.millis() << COUNTER_BITS);
    long millis = last >>> COUNTER_BITS;
    return (millis << (COUNTER_BITS + INSTANCE_BITS))
        | ((instance & INSTANCE_MASK) << COUNTER_BITS)
        | (last & COUNTER_MASK);
  }
}
