"""A child's data, and other protocols, as PDF for the archive."""
