"""One gate for all files of other people: what is read has a size, a depth and an encoding that were looked at first."""

from kg.gate.member import Limits, Member, open_members

__all__ = ["Limits", "Member", "open_members"]
