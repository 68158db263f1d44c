"""The weekly digest, and finding what somebody names."""
