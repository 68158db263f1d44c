"""The law's clocks: each a row of what starts it, how long it runs and what ends it, worked out from stored facts."""
