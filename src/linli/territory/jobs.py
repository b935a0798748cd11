"""What the plan studio does by the clock."""
