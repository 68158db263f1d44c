"""What raises an alert."""
