"""The worker's month: her children, the form of each, and what was answered before."""
