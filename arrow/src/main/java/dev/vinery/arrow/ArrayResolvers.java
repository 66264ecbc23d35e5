package dev.vinery.arrow;

import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Resolvers of Arrow arrays, one for each family of type names. An array with values of a kind
/// that has no layout here stays an object.
final class ArrayResolvers {
  private ArrayResolvers() {}

  static Stream<Resolver> all(Supplier<BufferAllocator> memory) {
    return Stream.of(
        new OfNumbers(memory),
        new OfBooleans(memory),
        new OfNulls(memory),
        new OfFixedSizeBinary(memory),
        new OfAnyBinary(memory),
        new OfLargeStrings(memory),
        new OfOlderStrings(memory),
        new OfOlderBinary(memory),
        new OfLists(memory),
        new OfCppLists(memory),
        new OfFixedSizeLists(memory));
  }

  /// What they share.
  interface OfArray extends Resolver {
    /// What the buffers are accounted to.
    Supplier<BufferAllocator> memory();

    @Override
    default Class<?> valueType() {
      return FieldVector.class;
    }

    @Override
    default Object resolve(VineryObject object, Class<?> wanted) {
      return VectorReader.knows(object)
          ? TableResolvers.guarded(
              object, memory(), lease -> new VectorReader(lease).read(object, null))
          : object;
    }
  }

  /// Numbers, dates and times.
  public record OfNumbers(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfNumbers() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::NumericArray";
    }
  }

  /// Booleans.
  public record OfBooleans(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfBooleans() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::BooleanArray";
    }
  }

  /// Arrays of which all elements are missing.
  public record OfNulls(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfNulls() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::NullArray";
    }
  }

  /// Bytes of one width.
  public record OfFixedSizeBinary(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfFixedSizeBinary() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::FixedSizeBinaryArray";
    }
  }

  /// Strings and bytes.
  public record OfAnyBinary(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfAnyBinary() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::BaseBinaryArray<";
    }
  }

  /// Strings, which are a value of module `types`, too.
  public record OfLargeStrings(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfLargeStrings() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::BaseBinaryArray<arrow::LargeStringArray>";
    }
  }

  /// Strings of older clients.
  public record OfOlderStrings(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfOlderStrings() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::LargeStringArray";
    }
  }

  /// Bytes, as Python reads them.
  public record OfOlderBinary(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfOlderBinary() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::LargeBinaryArray";
    }
  }

  /// Lists, as Python writes them.
  public record OfLists(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfLists() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::LargeListArray";
    }
  }

  /// Lists, as C++ writes them.
  public record OfCppLists(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfCppLists() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::BaseListArray<";
    }
  }

  /// Lists of one length.
  public record OfFixedSizeLists(Supplier<BufferAllocator> memory) implements OfArray {
    /// For the service loader.
    public OfFixedSizeLists() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::FixedSizeListArray";
    }
  }
}
