"""One gate for all files of other people: size, depth and encoding are looked at before anything is read."""

from kg.gate.member import Limits, Member, open_members

__all__ = ["Limits", "Member", "open_members"]
