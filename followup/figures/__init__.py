"""The figures of the yearly report: counted from facts, each with its unit and where it comes from."""
