"""The bots that are measured; each is started as its own process with a port and what it needs to know."""
