"""The fictional demo municipality Vikåsa, generated from a seed as the same CSV files that a real one imports."""
