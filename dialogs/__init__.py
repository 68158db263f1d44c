"""What people start: who said what, which conversation answers, and the texts it answers with."""
