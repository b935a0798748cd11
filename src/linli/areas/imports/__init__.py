"""Reading other people's files into the territory: all of a file, or nothing of it."""
