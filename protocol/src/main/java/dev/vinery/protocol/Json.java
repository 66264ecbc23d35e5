package dev.vinery.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A JSON value with numbers that keep all 64 bits. Immutable.
public sealed interface Json {
  /// A string.
  record Text(String value) implements Json {}

  /// A whole number from -2^63 to 2^64 - 1.
  ///
  /// @param bits the number in two's complement
  /// @param unsigned whether the highest bit counts as 2^63 and not as the sign
  record Whole(long bits, boolean unsigned) implements Json {
    public Whole {
      unsigned &= bits < 0; // a number has one form, so that equal numbers are equal records
    }

    public static Whole signed(long value) {
      return new Whole(value, false);
    }

    public static Whole unsigned(long bits) {
      return new Whole(bits, true);
    }
  }

  /// A number with a fraction or an exponent. What JSON cannot write (not-a-number, infinities) is
  /// printed as `null`.
  record Real(double value) implements Json {}

  /// `true` or `false`.
  record Flag(boolean value) implements Json {}

  /// `null`.
  enum Null implements Json {
    NULL
  }

  /// An array.
  record Items(List<Json> values) implements Json {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// An object. Its fields keep their order; of two with one name the later counts.
  ///
  /// The accessors read a field of a message: they throw [ProtocolException] if the field is absent
  /// or of another kind.
  final class Fields implements Json {
    private static final double TWO_TO_63 = 0x1p63;

    private final SequencedMap<String, Json> values;

    /// Takes over a map that nobody else changes.
    private Fields(SequencedMap<String, Json> values) {
      this.values = values;
    }

    public static Fields of(Map<String, Json> values) {
      return new Fields(new LinkedHashMap<>(values));
    }

    /// Takes over a map that the caller has just made and lets go.
    static Fields owning(SequencedMap<String, Json> values) {
      return new Fields(values);
    }

    public SequencedMap<String, Json> values() {
      return Collections.unmodifiableSequencedMap(values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Fields that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
      return values.hashCode();
    }

    @Override
    public String toString() {
      return JsonText.print(this);
    }

    public boolean has(String name) {
      return values.containsKey(name);
    }

    public @Nullable Json find(String name) {
      return values.get(name);
    }

    public Json get(String name) {
      Json value = values.get(name);
      if (value == null) {
        throw new ProtocolException("field '" + name + "' is missing");
      }
      return value;
    }

    public String text(String name) {
      if (get(name) instanceof Text(var value)) {
        return value;
      }
      throw wrong(name, "a string");
    }

    public String text(String name, String absent) {
      return has(name) ? text(name) : absent;
    }

    public boolean flag(String name) {
      if (get(name) instanceof Flag(var value)) {
        return value;
      }
      throw wrong(name, "true or false");
    }

    public boolean flag(String name, boolean absent) {
      return has(name) ? flag(name) : absent;
    }

    /// Reads 64 bits: a negative number stands for its two's complement, a fraction is cut off; a
    /// number that needs more bits is refused.
    public long whole(String name) {
      return bits(name, get(name));
    }

    public long whole(String name, long absent) {
      return has(name) ? whole(name) : absent;
    }

    /// Reads a number of bytes or of things: 2^63 and more become `Long.MAX_VALUE`, which every
    /// limit refuses.
    public long count(String name) {
      return count(name, get(name));
    }

    public List<Long> counts(String name) {
      return items(name).stream().map(item -> count(name, item)).toList();
    }

    /// Reads the key of a memory file, a signed number of 32 bits.
    public int storeFd(String name) {
      return storeFd(name, get(name));
    }

    public int storeFd(String name, int absent) {
      return has(name) ? storeFd(name) : absent;
    }

    public List<Integer> storeFds(String name) {
      return items(name).stream().map(item -> storeFd(name, item)).toList();
    }

    public ObjectId id(String name) {
      return new ObjectId(whole(name));
    }

    public List<ObjectId> ids(String name) {
      return items(name).stream().map(item -> new ObjectId(bits(name, item))).toList();
    }

    public List<Long> wholes(String name) {
      return items(name).stream().map(item -> bits(name, item)).toList();
    }

    public List<String> texts(String name) {
      List<String> texts = new ArrayList<>();
      for (Json item : items(name)) {
        if (!(item instanceof Text(var value))) {
          throw wrong(name, "an array of strings");
        }
        texts.add(value);
      }
      return texts;
    }

    public List<Json> items(String name) {
      if (get(name) instanceof Items(var items)) {
        return items;
      }
      throw wrong(name, "an array");
    }

    public Fields fields(String name) {
      if (get(name) instanceof Fields fields) {
        return fields;
      }
      throw wrong(name, "an object");
    }

    /// Reads the numbered members `"0"` … of a message that holds their number in `num`.
    public List<Json> numbered() {
      long count = count("num");
      if (count > values.size()) {
        throw new ProtocolException("field 'num' is " + count + ", more than there are members");
      }
      List<Json> members = new ArrayList<>((int) count);
      for (int i = 0; i < count; i++) {
        members.add(get(Integer.toString(i)));
      }
      return members;
    }

    static long bits(String name, Json value) {
      return switch (value) {
        case Whole(var bits, _) -> bits;
        case Real(var number) when number >= -TWO_TO_63 && number < TWO_TO_63 -> (long) number;
        case Real(var number) when number >= TWO_TO_63 && number < 2 * TWO_TO_63 ->
            (long) (number - TWO_TO_63) ^ Long.MIN_VALUE;
        default -> throw wrong(name, "a number of 64 bits");
      };
    }

    private static int storeFd(String name, Json value) {
      long bits = bits(name, value);
      if (bits != (int) bits) {
        throw wrong(name, "a number of 32 bits");
      }
      return (int) bits;
    }

    private static long count(String name, Json value) {
      if (value instanceof Whole(var bits, var unsigned)) {
        if (bits >= 0) {
          return bits;
        }
        if (unsigned) {
          return Long.MAX_VALUE;
        }
      }
      if (value instanceof Real(var number) && number >= 0) {
        return (long) number;
      }
      throw wrong(name, "a number from 0 up");
    }

    private static ProtocolException wrong(String name, String wanted) {
      return new ProtocolException("field '" + name + "' must be " + wanted);
    }
  }
}
