"""Pages of people who work on cases: the board, the inbox, and the page of one case."""
