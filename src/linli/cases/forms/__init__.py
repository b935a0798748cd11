"""What people fill in: cleaned, checked, and never lost."""
