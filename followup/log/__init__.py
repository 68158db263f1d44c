"""The access log: its subjects, its chain and its review."""
