"""What is done with an alert."""
