"""A prefecture that never was, in the departments' own file formats, with its truth beside them."""

from simulation.world import Simulated, simulate

__all__ = ["Simulated", "simulate"]
