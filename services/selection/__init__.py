"""The steps of the yearly selection."""
