package dev.vinery.types;

import java.util.random.RandomGenerator;

/// Choices that are read from bytes, one or two for each, so that whoever makes the bytes makes the
/// choices. After the last byte all are 0. Confined to one thread.
final class Choices implements RandomGenerator {
  private static final int MAX_BYTE = 255;

  private final byte[] bytes;
  private int next;

  Choices(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  private int nextByte() {
    return next < bytes.length ? Byte.toUnsignedInt(bytes[next++]) : 0;
  }

  @Override
  public int nextInt(int bound) {
    int wide = bound > MAX_BYTE + 1 ? nextByte() << Byte.SIZE : 0;
    return (wide + nextByte()) % bound;
  }

  @Override
  public boolean nextBoolean() {
    return nextInt(2) == 1;
  }

  @Override
  public long nextLong() {
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = (bits << Byte.SIZE) | nextByte();
    }
    return bits;
  }
}
