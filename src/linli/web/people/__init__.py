"""Where administrators open and close accounts. It shows nothing about what anybody does."""
