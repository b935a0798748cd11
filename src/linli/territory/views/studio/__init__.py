"""The plan studio: pages of planners."""
