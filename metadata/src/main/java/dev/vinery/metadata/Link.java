package dev.vinery.metadata;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;

/// What a stored object has in the place of a member. Immutable.
///
/// As text: the member's id or signature, `.`, its type name up to the first `<`, and, for blobs
/// alone, `@` and the number of the instance where the blob lives.
public sealed interface Link {
  /// A link to one object. Members of local objects are linked like this.
  ///
  /// @param typeName without type parameters
  /// @param instanceId where a blob lives; [InstanceId#UNSPECIFIED] for other members
  record ById(ObjectId id, String typeName, long instanceId) implements Link {}

  /// A link to whichever object bears a signature, if possible on the reader's own instance.
  /// Members of global objects are linked like this.
  ///
  /// @param signature all 64 bits
  /// @param typeName without type parameters
  /// @param instanceId where a blob lives; [InstanceId#UNSPECIFIED] for other members
  record BySignature(long signature, String typeName, long instanceId) implements Link {}

  String typeName();

  long instanceId();

  /// Returns the link to a member of an object.
  static Link to(Metadata member, boolean ofGlobal) {
    String typeName = member.typeName();
    int parameters = typeName.indexOf('<');
    String cut = parameters < 0 ? typeName : typeName.substring(0, parameters);
    long instanceId =
        typeName.equals(Metadata.BLOB_TYPE)
            ? member.whole(Metadata.INSTANCE_ID)
            : InstanceId.UNSPECIFIED;
    return ofGlobal
        ? new BySignature(member.whole(Metadata.SIGNATURE), cut, instanceId)
        : new ById(ObjectId.parse(member.text(Metadata.ID)), cut, instanceId);
  }

  /// Reads the text form. A type name may hold dots, although upstream cannot read its own links to
  /// such types.
  ///
  /// @throws StoreException with status [Status#META_TREE_LINK_INVALID] if the text is no link
  static Link parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw invalid(text);
    }
    String typeName = text.substring(dot + 1);
    long instanceId = InstanceId.UNSPECIFIED;
    String blob = Metadata.BLOB_TYPE + "@";
    if (typeName.startsWith(blob)) {
      instanceId = instanceId(text, typeName.substring(blob.length()));
      typeName = Metadata.BLOB_TYPE;
    }
    // Ids and signatures differ in their first letter only.
    String digits = dot == 0 ? "" : text.substring(1, dot);
    if (typeName.isEmpty() || !ObjectId.isText("o" + digits)) {
      throw invalid(text);
    }
    ObjectId target = ObjectId.parse("o" + digits);
    return switch (text.charAt(0)) {
      case 'o' -> new ById(target, typeName, instanceId);
      case 's' -> new BySignature(target.value(), typeName, instanceId);
      default -> throw invalid(text);
    };
  }

  private static long instanceId(String text, String decimal) {
    try {
      return Long.parseUnsignedLong(decimal);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static StoreException invalid(String text) {
    return new StoreException(Status.META_TREE_LINK_INVALID, "not a link to an object: " + text);
  }

  /// Returns the text form.
  default String text() {
    String target =
        switch (this) {
          case ById(var id, _, _) -> id.toString();
          case BySignature(var signature, _, _) -> MetadataKeys.signatureText(signature);
        };
    String place =
        typeName().equals(Metadata.BLOB_TYPE) ? "@" + Long.toUnsignedString(instanceId()) : "";
    return target + "." + typeName() + place;
  }
}
