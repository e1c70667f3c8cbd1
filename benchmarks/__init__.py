"""This system beside the least work that the same result could take, on the same input, in one run."""
