"""Published plans, for everybody."""
