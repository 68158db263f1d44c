"""Days, months and the year's dates, and what is municipal time."""
