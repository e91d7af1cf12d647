"""Seeds: real pledges kept as readable files, replayed through the writers of the record."""

from .load import Loaded, check_seeds, load_seeds
from .problems import Problem, SeedsError

__all__ = ["Loaded", "Problem", "SeedsError", "check_seeds", "load_seeds"]
