"""What is chosen about the overview: when the weekly digest comes."""
