"""The access log: its chain, its guards and its reviews."""
