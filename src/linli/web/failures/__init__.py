"""What the machine could not do by itself: shown to administrators, and tried again."""
