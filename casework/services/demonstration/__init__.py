"""The demonstration: a fictional organization that anybody may try and start afresh."""

from casework.services.demonstration.filling import fill_demonstration
from casework.services.demonstration.members import DEMONSTRATION_MEMBERS, DemonstrationMember

__all__ = ["DEMONSTRATION_MEMBERS", "DemonstrationMember", "fill_demonstration"]
