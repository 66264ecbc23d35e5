/// Where metadata that outlives a call is kept: keys and values with revisions, watches, leases and
/// locks, and how objects are laid out in them.
///
/// Read first [dev.vinery.metadata.MetadataStore], then [dev.vinery.metadata.EmbeddedMetadataStore]
/// and [dev.vinery.metadata.MetadataLayout].
package dev.vinery.metadata;
