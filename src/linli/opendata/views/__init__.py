"""Pages for everybody: areas, map, list, data, the privacy register, the log."""
