"""What the clock starts: it only wakes; what is due is worked out from what is stored."""
