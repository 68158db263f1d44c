"""What every page stands on: what was asked, what answers, the table's entries, and how it is drawn."""
