"""The diagnoses that a line points to: what the service was done for, first the chief one, four at most.

By the code where it says what it is for (a vaccine, a screening); by the words beside the service: its sentence, the
problem with its plan, the indication of the procedure; of a visit by what was assessed; of an administration by its
drug; by coverage documents where they are installed; else the diagnoses that lead. External causes never.
"""

from .pointers import pointed

__all__ = ["pointed"]
