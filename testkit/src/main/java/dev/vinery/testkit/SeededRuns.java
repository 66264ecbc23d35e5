package dev.vinery.testkit;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/// The extension behind [SeededTest]: gives the test its runs. Immutable.
final class SeededRuns implements TestTemplateInvocationContextProvider {
  /// JUnit looks for a configuration parameter among the system properties, too.
  private static final String SEED_PARAMETER = "vinery.seed";

  private static final Namespace NAMESPACE = Namespace.create(SeededRuns.class);

  /// Keeps seeds short enough to be copied by hand.
  private static final long BASE_SEED_LIMIT = 1_000_000_000_000L;

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(SeededTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    int runs = context.getRequiredTestMethod().getAnnotation(SeededTest.class).runs();
    if (runs < 1) {
      throw new ExtensionConfigurationException("runs must be at least 1: " + runs);
    }
    LongStream seeds =
        context
            .getConfigurationParameter(SEED_PARAMETER, Long::parseLong)
            .map(LongStream::of)
            .orElseGet(() -> LongStream.range(0, runs).map(run -> baseSeed(context) + run));
    return seeds.mapToObj(Run::new);
  }

  private static long baseSeed(ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    ExtensionContext ofClass = context.getParent().orElse(context);
    return ofClass
        .getStore(NAMESPACE)
        .computeIfAbsent(testClass, SeededRuns::drawBaseSeed, Long.class);
  }

  private static long drawBaseSeed(Class<?> testClass) {
    long base = ThreadLocalRandom.current().nextLong(BASE_SEED_LIMIT);
    System.out.println("seeds of " + testClass.getName() + " start at " + base);
    return base;
  }

  private record Run(long seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Seeded(seed));
    }
  }

  /// What one run adds to its test method: the random numbers, and the seed in its failure.
  private record Seeded(long seed) implements ParameterResolver, TestExecutionExceptionHandler {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RandomGenerator.class;
    }

    @Override
    public RandomGenerator resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return new SplittableRandom(seed);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      if (failure instanceof TestAbortedException) {
        throw failure;
      }
      throw new AssertionError(
          "seed %d (replay it with -D%s=%d): %s".formatted(seed, SEED_PARAMETER, seed, failure),
          failure);
    }
  }
}
