"""The yearly selections, and who may be chosen."""
