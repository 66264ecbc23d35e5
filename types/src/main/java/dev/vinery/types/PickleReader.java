package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one pickle of plain values.
///
/// A pickle is a program for a machine with a stack and a memo. Of its instructions, those are
/// carried out that build plain values; the others, and all functions but those of [PickleCalls],
/// end the reading. Every instruction takes at least one byte and makes at most one thing, so a
/// pickle cannot make more than it is long; and what it makes is a tree of bounded depth.
///
/// Source: the documentation of Python's module `pickletools`.
///
/// Confined to one thread.
final class PickleReader {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int PROTOCOL_MAX = 5;

  /// Parts of a value beyond those that its pickle tells one by one.
  private static final long SHARED_PARTS = 1 << 20;

  private final MemorySegment pickle;
  private final List<@Nullable Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, @Nullable Object> memo = new HashMap<>();
  private long offset;

  PickleReader(MemorySegment pickle) {
    this.pickle = pickle;
  }

  /// This is no pickle of plain values.
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  /// A tuple: a list that can be a key.
  static final class Tuple extends AbstractList<@Nullable Object> {
    private final List<@Nullable Object> items;

    Tuple(List<@Nullable Object> items) {
      this.items = items;
    }

    @Override
    public @Nullable Object get(int index) {
      return items.get(index);
    }

    @Override
    public int size() {
      return items.size();
    }
  }

  @Nullable Object read() throws UnreadableException {
    int instruction = next();
    while (instruction != PickleCode.STOP) {
      carryOut(instruction);
      instruction = next();
    }
    Object value = PickleCalls.plain(pop());
    // Every part takes at least a byte, unless it is told once and used often.
    if (!PlainValues.isTree(value, 2 * pickle.byteSize() + SHARED_PARTS)) {
      throw new UnreadableException("parts that contain themselves, or that are used too often");
    }
    return value;
  }

  private void carryOut(int instruction) throws UnreadableException {
    switch (instruction) {
      case PickleCode.PROTO -> requireProtocol(next());
      case PickleCode.FRAME -> skip(Long.BYTES); // a frame begins
      case PickleCode.NONE -> stack.add(null);
      case PickleCode.NEWTRUE -> stack.add(true);
      case PickleCode.NEWFALSE -> stack.add(false);
      case PickleCode.BININT1 -> stack.add((long) next());
      case PickleCode.BININT2 ->
          stack.add(Short.toUnsignedLong(pickle.get(SHORT, skip(Short.BYTES))));
      case PickleCode.BININT -> stack.add((long) pickle.get(INT, skip(Integer.BYTES)));
      case PickleCode.LONG1 -> stack.add(whole(bytes(next())));
      case PickleCode.LONG4 -> stack.add(whole(bytes(int32())));
      case PickleCode.BINFLOAT -> stack.add(pickle.get(BIG_ENDIAN_DOUBLE, skip(Double.BYTES)));
      case PickleCode.SHORT_BINUNICODE -> stack.add(text(next()));
      case PickleCode.BINUNICODE -> stack.add(text(int32()));
      case PickleCode.BINUNICODE8 -> stack.add(text(int64()));
      case PickleCode.SHORT_BINBYTES -> stack.add(bytes(next()));
      case PickleCode.BINBYTES -> stack.add(bytes(int32()));
      case PickleCode.BINBYTES8, PickleCode.BYTEARRAY8 -> stack.add(bytes(int64()));
      case PickleCode.MARK -> marks.add(stack.size());
      case PickleCode.MEMOIZE -> memo.put(memo.size(), peek());
      case PickleCode.BINPUT -> memo.put(next(), peek());
      case PickleCode.LONG_BINPUT -> memo.put((int) int32(), peek());
      case PickleCode.BINGET -> stack.add(remembered(next()));
      case PickleCode.LONG_BINGET -> stack.add(remembered((int) int32()));
      case PickleCode.POP -> pop();
      default -> build(instruction);
    }
  }

  /// The instructions that build one thing of others.
  private void build(int instruction) throws UnreadableException {
    switch (instruction) {
      case PickleCode.EMPTY_LIST -> stack.add(new ArrayList<@Nullable Object>());
      case PickleCode.EMPTY_DICT ->
          stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
      case PickleCode.EMPTY_SET -> stack.add(new LinkedHashSet<@Nullable Object>());
      case PickleCode.EMPTY_TUPLE -> stack.add(new Tuple(List.of()));
      case PickleCode.TUPLE1 -> stack.add(popTuple(1));
      case PickleCode.TUPLE2 -> stack.add(popTuple(2));
      case PickleCode.TUPLE3 -> stack.add(popTuple(3));
      case PickleCode.TUPLE -> stack.add(new Tuple(popToMark()));
      case PickleCode.APPEND -> {
        Object item = PickleCalls.plain(pop());
        list(peek()).add(item);
      }
      case PickleCode.APPENDS -> {
        List<@Nullable Object> items = popToMark();
        for (Object item : items) {
          list(peek()).add(PickleCalls.plain(item));
        }
      }
      case PickleCode.SETITEM -> {
        List<@Nullable Object> entry = popTuple(2);
        putAll(entry);
      }
      case PickleCode.SETITEMS -> putAll(popToMark());
      case PickleCode.ADDITEMS -> {
        List<@Nullable Object> items = popToMark();
        set(peek()).addAll(keys(items));
      }
      case PickleCode.FROZENSET -> stack.add(new LinkedHashSet<>(keys(popToMark())));
      case PickleCode.STACK_GLOBAL -> {
        List<@Nullable Object> names = popTuple(2);
        stack.add(new PickleCalls.Global(names.get(0) + "." + names.get(1)));
      }
      case PickleCode.REDUCE -> {
        List<@Nullable Object> call = popTuple(2);
        stack.add(PickleCalls.call(call.get(0), call.get(1)));
      }
      case PickleCode.NEWOBJ -> {
        List<@Nullable Object> creation = popTuple(2);
        stack.add(PickleCalls.create(creation.get(0), creation.get(1)));
      }
      case PickleCode.BUILD -> {
        Object state = pop();
        PickleCalls.setState(peek(), state);
      }
      default -> throw new UnreadableException("instruction " + instruction);
    }
  }

  private void putAll(List<@Nullable Object> entries) throws UnreadableException {
    if (entries.size() % 2 != 0) {
      throw new UnreadableException("a key without a value");
    }
    Map<@Nullable Object, @Nullable Object> map = map(peek());
    for (int i = 0; i < entries.size(); i += 2) {
      map.put(keys(entries.subList(i, i + 1)).getFirst(), PickleCalls.plain(entries.get(i + 1)));
    }
  }

  private static List<@Nullable Object> keys(List<@Nullable Object> items)
      throws UnreadableException {
    for (Object item : items) {
      if (!PlainValues.isKey(PickleCalls.plain(item))) {
        throw new UnreadableException("a key that cannot be hashed");
      }
    }
    return items;
  }

  private static void requireProtocol(int version) throws UnreadableException {
    if (version > PROTOCOL_MAX) {
      throw new UnreadableException("protocol " + version);
    }
  }

  private static Object whole(byte[] littleEndian) {
    if (littleEndian.length == 0) {
      return 0L;
    }
    var bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    var value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
  }

  private @Nullable Object remembered(int key) throws UnreadableException {
    if (!memo.containsKey(key)) {
      throw new UnreadableException("nothing is remembered as " + key);
    }
    return memo.get(key);
  }

  private @Nullable Object peek() throws UnreadableException {
    requireDepth(1);
    return stack.getLast();
  }

  private @Nullable Object pop() throws UnreadableException {
    requireDepth(1);
    return stack.removeLast();
  }

  private List<@Nullable Object> popTuple(int count) throws UnreadableException {
    requireDepth(count);
    return new Tuple(popFrom(stack.size() - count));
  }

  private List<@Nullable Object> popToMark() throws UnreadableException {
    if (marks.isEmpty()) {
      throw new UnreadableException("no mark");
    }
    return popFrom(marks.removeLast());
  }

  private List<@Nullable Object> popFrom(int from) {
    List<@Nullable Object> top = stack.subList(from, stack.size());
    List<@Nullable Object> items = new ArrayList<>(top);
    top.clear();
    return items;
  }

  /// Refuses to take what lies below the last mark.
  private void requireDepth(int count) throws UnreadableException {
    int bottom = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() - bottom < count) {
      throw new UnreadableException("nothing is on the stack");
    }
  }

  @SuppressWarnings("unchecked") // only this class makes these collections
  private static List<@Nullable Object> list(@Nullable Object value) throws UnreadableException {
    if (value instanceof ArrayList<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw new UnreadableException("no list");
  }

  @SuppressWarnings("unchecked") // only this class makes these collections
  private static Set<@Nullable Object> set(@Nullable Object value) throws UnreadableException {
    if (value instanceof Set<?> set) {
      return (Set<@Nullable Object>) set;
    }
    throw new UnreadableException("no set");
  }

  @SuppressWarnings("unchecked") // only this class makes these collections
  private static Map<@Nullable Object, @Nullable Object> map(@Nullable Object value)
      throws UnreadableException {
    if (value instanceof Map<?, ?> map) {
      return (Map<@Nullable Object, @Nullable Object>) map;
    }
    throw new UnreadableException("no dictionary");
  }

  private int next() throws UnreadableException {
    return Byte.toUnsignedInt(pickle.get(JAVA_BYTE, skip(1)));
  }

  private long int32() throws UnreadableException {
    return Integer.toUnsignedLong(pickle.get(INT, skip(Integer.BYTES)));
  }

  private long int64() throws UnreadableException {
    return pickle.get(LONG, skip(Long.BYTES));
  }

  private byte[] bytes(long count) throws UnreadableException {
    return pickle.asSlice(skip(count), count).toArray(JAVA_BYTE);
  }

  private String text(long count) throws UnreadableException {
    return new String(bytes(count), StandardCharsets.UTF_8);
  }

  /// Steps over some bytes and returns where they begin.
  private long skip(long count) throws UnreadableException {
    long start = offset;
    if (count < 0 || count > pickle.byteSize() - start || count > Integer.MAX_VALUE - 8) {
      throw new UnreadableException("the pickle ends early");
    }
    offset = start + count;
    return start;
  }
}
