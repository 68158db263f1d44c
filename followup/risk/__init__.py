"""The risk of a unit: the score, the bands, and the sentences that explain them."""
