"""Pages of the plan studio, and of published plans."""
