"""Forms of the plan studio and of comments."""
