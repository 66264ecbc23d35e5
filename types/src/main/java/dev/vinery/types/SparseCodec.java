package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.types.SparseMatrix.Form;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// [SparseMatrix] and [SparseColumn]: values, and tensors of the places where they are.
final class SparseCodec {
  private static final String COLUMN = "vineyard::SparseArray";
  private static final String DATA = "data";
  private static final String PLACES = "sp_index";
  private static final String PLACES_FORM = "sp_index_name";
  private static final String LENGTH = "sp_index_size";
  private static final String VALUES = "sp_values";
  private static final String VALUE_TYPE = "value_type_";

  /// Elements of one column.
  private static final long MAX_ELEMENTS = 1L << 40;

  private SparseCodec() {}

  /// Sparse matrices.
  public static final class OfMatrix implements Builder<SparseMatrix> {
    @Override
    public Class<SparseMatrix> type() {
      return SparseMatrix.class;
    }

    @Override
    public Draft draft(SparseMatrix value, Function<Object, Draft> drafts) {
      ElementType type = value.values().elementType();
      long stored = value.storedCount();
      var draft =
          Draft.object("vineyard::%sMatrix<%s>".formatted(value.form(), type.numpyName()))
              .put(VALUE_TYPE, type.numpyName())
              .putStructured(TensorCodec.SHAPE, items(value.rows(), value.columns()))
              .put("ndim", 2)
              .put("nnz", stored)
              .putStructured(TensorCodec.PARTITION, items())
              .put(Metadata.SIZE_BYTES, stored * type.sizeBytes())
              .member(DATA, drafts.apply(value.values()))
              .member(value.form().first(), drafts.apply(value.first()));
      Tensor second = value.second();
      if (second != null) {
        draft.member(value.form().second(), drafts.apply(second));
      }
      if (value.form() == Form.BSR) {
        List<Long> shape = value.values().shape();
        draft.putStructured("blocksize", items(shape.get(1), shape.get(2)));
      }
      if (value.form() == Form.BSR || value.form() == Form.CSR) {
        draft.put("has_sorted_indices", false);
      }
      return draft.build();
    }

    private static Json items(Long... numbers) {
      return new Json.Items(
          List.of(numbers).stream().<Json>map(number -> Json.Whole.signed(number)).toList());
    }
  }

  /// Sparse columns.
  public static final class OfColumn implements Builder<SparseColumn> {
    @Override
    public Class<SparseColumn> type() {
      return SparseColumn.class;
    }

    @Override
    public Draft draft(SparseColumn value, Function<Object, Draft> drafts) {
      return Draft.object(COLUMN + "<" + value.elementName() + ">")
          .put(VALUE_TYPE, value.elementName())
          .put(PLACES_FORM, "IntIndex")
          .put(LENGTH, value.length())
          .put(Metadata.SIZE_BYTES, 0)
          .member(PLACES, drafts.apply(value.places()))
          .member(VALUES, drafts.apply(value.values()))
          .build();
    }
  }

  /// A [SparseColumn].
  public static final class FromColumn implements Resolver {
    @Override
    public String typeNamePrefix() {
      return COLUMN;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            String name = Layouts.text(object, VALUE_TYPE);
            Optional<Double> fill = SparseColumn.fill(name);
            if (fill.isEmpty() || !Layouts.text(object, PLACES_FORM).equals("IntIndex")) {
              return object;
            }
            long length = Layouts.count(object, LENGTH, MAX_ELEMENTS);
            try (var parts = new Parts()) {
              Tensor places = parts.add(Layouts.member(object, PLACES, Tensor.class));
              Tensor values = parts.add(Layouts.member(object, VALUES, Tensor.class));
              var column = SparseColumn.of(length, fill.get(), name, places, values);
              parts.keepIf(true);
              object.close();
              return column;
            }
          });
    }
  }

  /// A [SparseMatrix] of one form.
  private static Object matrix(VineryObject object, Form form) {
    return Layouts.guarded(
        object,
        () -> {
          List<Long> shape = Layouts.extents(object, TensorCodec.SHAPE);
          if (shape.size() != 2) {
            throw Layouts.wrong(object, "field 'shape_' has %d extents".formatted(shape.size()));
          }
          try (var parts = new Parts()) {
            Tensor values = parts.add(Layouts.member(object, DATA, Tensor.class));
            Tensor first = parts.add(Layouts.member(object, form.first(), Tensor.class));
            @Nullable Tensor second =
                form.second().isEmpty()
                    ? null
                    : parts.add(Layouts.member(object, form.second(), Tensor.class));
            var matrix =
                SparseMatrix.of(form, shape.getFirst(), shape.getLast(), values, first, second);
            parts.keepIf(true);
            object.close();
            return matrix;
          }
        });
  }

  /// Matrices row by row.
  public static final class FromCsr implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::CSRMatrix";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return matrix(object, Form.CSR);
    }
  }

  /// Matrices column by column.
  public static final class FromCsc implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::CSCMatrix";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return matrix(object, Form.CSC);
    }
  }

  /// Matrices of elements in any order.
  public static final class FromCoo implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::COOMatrix";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return matrix(object, Form.COO);
    }
  }

  /// Matrices of blocks.
  public static final class FromBsr implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::BSRMatrix";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return matrix(object, Form.BSR);
    }
  }

  /// Matrices of diagonals.
  public static final class FromDia implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::DIAMatrix";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return matrix(object, Form.DIA);
    }
  }
}
