"""The yearly selection: its frame, its tracks and its draws."""
