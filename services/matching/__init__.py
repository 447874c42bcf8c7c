"""Which published flow a call is about, and what category it belongs to; in memory, without a model."""

from services.matching.classifier import classify
from services.matching.index import Candidate, Decision, Index, Verdict

__all__ = ["Candidate", "Decision", "Index", "Verdict", "classify"]
