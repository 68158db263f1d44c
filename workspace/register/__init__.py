"""The administrator's pages: what waits, the register and its files, what was not delivered, and the log."""
