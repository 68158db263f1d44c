"""The database itself: its tables, its one writer, and what is sealed."""
