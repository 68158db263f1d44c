"""What a press that is repeated is answered, and the cards that others still see."""
