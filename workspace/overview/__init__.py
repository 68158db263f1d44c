"""How it stands: units, teams, and who has reports left."""
