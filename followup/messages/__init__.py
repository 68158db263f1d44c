"""When messages may go, and what becomes of those that did not arrive."""
