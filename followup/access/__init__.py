"""Who may see what, and what is said of a unit with few placements."""
