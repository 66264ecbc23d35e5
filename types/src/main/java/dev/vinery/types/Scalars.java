package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import java.math.BigInteger;
import java.util.function.Function;

/// Single numbers, booleans and strings: `vineyard::Scalar<…>`.
///
/// The value stands in the metadata; there is no blob. Python's booleans are whole numbers whose
/// field `type_` says `bool`.
final class Scalars {
  private static final String WHOLE = "vineyard::Scalar<int>";
  private static final String REAL = "vineyard::Scalar<double>";
  private static final String TEXT = "vineyard::Scalar<std::string>";

  private static final String VALUE = "value_";
  private static final String TYPE = "type_";

  private Scalars() {}

  private static Draft draft(String typeName, Json value, String type) {
    return Draft.object(typeName)
        .put(Metadata.SIZE_BYTES, 0)
        .put(TYPE, type)
        .put(VALUE, value)
        .build();
  }

  /// `Byte`, `Short`, `Integer`, `Long`, `BigInteger`, `Float` and `Double`.
  public static final class OfNumber implements Builder<Number> {
    @Override
    public Class<Number> type() {
      return Number.class;
    }

    /// @throws IllegalArgumentException if metadata cannot hold the number
    @Override
    public Draft draft(Number value, Function<Object, Draft> drafts) {
      return switch (value) {
        case Byte _, Short _, Integer _, Long _ ->
            Scalars.draft(WHOLE, Json.Whole.signed(value.longValue()), "int");
        case Float _, Double _ -> real(value.doubleValue());
        case BigInteger whole -> Pickle.draft(whole);
        default ->
            throw new IllegalArgumentException(
                "a scalar cannot be a " + value.getClass().getTypeName());
      };
    }

    /// JSON has neither infinities nor a not-a-number; Python reads them from a pickle.
    private static Draft real(double value) {
      return Double.isFinite(value)
          ? Scalars.draft(REAL, new Json.Real(value), "float")
          : Pickle.draft(value);
    }
  }

  /// Booleans.
  public static final class OfBoolean implements Builder<Boolean> {
    @Override
    public Class<Boolean> type() {
      return Boolean.class;
    }

    @Override
    public Draft draft(Boolean value, Function<Object, Draft> drafts) {
      return Scalars.draft(WHOLE, new Json.Flag(value), "bool");
    }
  }

  /// Strings.
  public static final class OfText implements Builder<String> {
    @Override
    public Class<String> type() {
      return String.class;
    }

    @Override
    public Draft draft(String value, Function<Object, Draft> drafts) {
      return Scalars.draft(TEXT, new Json.Text(value), "str");
    }
  }

  /// Scalars of any client, as `Long`, `BigInteger` beyond 64 bits, `Double`, `Boolean`, `String`,
  /// or as the narrower number that is wanted.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Scalar";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      Json value = Layouts.guarded(object, () -> object.metadata().fields().get(VALUE));
      String type =
          object.metadata().fields().find(TYPE) instanceof Json.Text(var text) ? text : "";
      object.close();
      boolean real = object.typeName().equals(REAL) || object.typeName().endsWith("<float>");
      return switch (value) {
        case Json.Text(var text) -> text;
        case Json.Flag(var flag) -> flag;
        case Json.Whole(var bits, _) when type.equals("bool") -> bits != 0;
        case Json.Whole(var bits, var unsigned) when real ->
            narrowed(unsigned ? unsigned(bits).doubleValue() : (double) bits, wanted);
        case Json.Whole(var bits, var unsigned) ->
            unsigned ? unsigned(bits) : narrowed(bits, wanted);
        case Json.Real(var number) -> narrowed(number, wanted);
        case Json.Null _ -> narrowed(Double.NaN, wanted); // what Python writes for it
        case Json.Items _, Json.Fields _ -> throw Layouts.wrong(object, "the value is no scalar");
      };
    }

    private static BigInteger unsigned(long bits) {
      return new BigInteger(Long.toUnsignedString(bits));
    }

    private static Object narrowed(double value, Class<?> wanted) {
      return wanted == Float.class ? (Object) (float) value : (Object) value;
    }

    /// The number as the type that is wanted if it fits, else as it is.
    private static Object narrowed(long value, Class<?> wanted) {
      if (wanted == Integer.class && value == (int) value) {
        return (int) value;
      }
      if (wanted == Short.class && value == (short) value) {
        return (short) value;
      }
      if (wanted == Byte.class && value == (byte) value) {
        return (byte) value;
      }
      if (wanted == Double.class) {
        return (double) value;
      }
      return value;
    }
  }
}
