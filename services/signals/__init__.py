"""What is done with a signal, and what those who raised it are told."""
