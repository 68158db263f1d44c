"""What people do with the month: hand in and correct, put off, be away, give placements to others, remind."""
