"""HTTP, Teams, cards, delivery, the command line, and the wiring of it all."""

VERSION = "1.0.0"
