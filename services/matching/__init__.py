"""Which published flow a call is about, and what category it belongs to; in memory, without a model."""

import os

# Before numpy is loaded, which asks once: for one sentence a second thread waits more than it works.
for _threads in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_threads, "1")

from services.matching.classifier import classify  # noqa: E402
from services.matching.index import Candidate, Decision, Index, Verdict  # noqa: E402

__all__ = ["Candidate", "Decision", "Index", "Verdict", "classify"]
