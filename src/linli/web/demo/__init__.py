"""The demonstration: loads the fictional reference prefecture, its offices and a year of cases."""
