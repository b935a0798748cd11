"""The page of messages that were written to reporters, for the service centre."""
