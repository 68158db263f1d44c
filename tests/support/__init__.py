"""What the tests share: builders, stages, and independent counts."""
