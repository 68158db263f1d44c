"""What is remembered: the database, its tables, and records by noun."""
