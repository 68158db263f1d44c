"""What the clocks are worked out from, what was done of them, and what has been reminded of."""
