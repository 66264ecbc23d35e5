package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Builders and resolvers are found on the class path as they are on the module path.
class ServicesTest {
  @Test
  void theClassPathOffersWhatTheModuleDoes() throws IOException {
    ModuleDescriptor module = ArrowTable.class.getModule().getDescriptor();
    assertThat(module.provides()).hasSize(2);

    for (ModuleDescriptor.Provides service : module.provides()) {
      assertThat(onClassPath(service.service()))
          .containsExactlyInAnyOrderElementsOf(service.providers());
    }
  }

  private static List<String> onClassPath(String service) throws IOException {
    try (InputStream file = ArrowTable.class.getResourceAsStream("/META-INF/services/" + service)) {
      assertThat(file).as(service).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
