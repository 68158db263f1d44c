"""The yearly selection."""
