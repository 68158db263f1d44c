"""What managers ask: the state, a provider, who has not answered, the digest, the threshold."""
