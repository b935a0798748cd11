"""Vector tiles of the territory: areas, their labels, rivers, roads, settlements."""
