"""Which published flow a call is about, and what category it belongs to; in memory, without a model.

Nothing is loaded here: who asks for words or a category only waits for no numpy.
"""

import os

# Before numpy is loaded, which asks once: for one sentence a second thread waits more than it works.
for _threads in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_threads, "1")
