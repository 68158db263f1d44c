"""What can be said, by whom and where."""
