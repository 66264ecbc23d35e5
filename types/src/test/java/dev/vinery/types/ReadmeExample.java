package dev.vinery.types;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.nio.file.Path;

/// The README's Java program.
final class ReadmeExample {
  private ReadmeExample() {}

  public static void main(String[] arguments) {
    try (Client client = Vinery.connect(Path.of(arguments[0]))) {
      DataFrame flights =
          DataFrame.builder()
              .column("from", "SIN", "ZRH", "HEL")
              .column("minutes", 795L, 130L, 165L)
              .build();
      ObjectId id = client.put(flights, "flights");
      System.out.println(client.getMetadata(id).typeName() + " " + id);

      try (DataFrame shared = client.get(client.getName("flights"), DataFrame.class)) {
        System.out.println(shared);
        System.out.println(shared.tensor("minutes").getDouble(0) / 60 + " hours");
      }
      client.getName("trains");
    } catch (ObjectNotFoundException e) {
      System.out.println("not there: " + e.getMessage());
    }
  }
}
