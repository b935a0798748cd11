"""Pages of cases, by who uses them."""
