"""What people do with rounds: `week` for one sheet of homes."""

from mixwijzer.web.rounds.services.week import answer, compute, make, step, undo, write_advert

__all__ = ["answer", "compute", "make", "step", "undo", "write_advert"]
