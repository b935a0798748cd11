"""The page of working calendars: opening hours, holidays, worked rest days."""
