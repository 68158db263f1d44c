"""The yearly selection: its frame, its draws, its proposal, and the decision."""
