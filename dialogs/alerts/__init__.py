"""An alert: taking it, its evidence, its notes, deciding and closing."""
