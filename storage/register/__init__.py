"""The register as it stands: people, placements and units."""
