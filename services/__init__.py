"""What follows from evidence, whoever brought it: the unit is scored anew and alerts are raised, in one transaction."""
