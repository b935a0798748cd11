"""What follows from events of lower floors and of this room."""
