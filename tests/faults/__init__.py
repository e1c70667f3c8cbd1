"""The fault catalogue, case by case."""
