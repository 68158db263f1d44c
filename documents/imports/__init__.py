"""Files in: the register and the history."""
