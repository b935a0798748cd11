"""The writers of this room, by stage."""
