package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import java.util.function.Function;

/// The type of `docs/types-of-your-own.md`.
record Track(String title, Tensor heights) {
  static final class Stored implements Builder<Track>, Resolver {
    @Override
    public Class<Track> type() {
      return Track.class;
    }

    @Override
    public Draft draft(Track track, Function<Object, Draft> drafts) {
      return Draft.object("hikes::Track")
          .put("title", track.title())
          .member("heights", drafts.apply(track.heights()))
          .build();
    }

    @Override
    public String typeNamePrefix() {
      return "hikes::Track";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      try (object) {
        return new Track(
            object.metadata().text("title"), object.member("heights").value(Tensor.class));
      }
    }
  }
}
