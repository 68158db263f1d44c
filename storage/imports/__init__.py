"""What files put in: the register and the history."""
