"""Pages: who answers for a place, what is covered, who holds which post."""
