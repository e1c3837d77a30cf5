"""The project: settings, addresses, and what starts it.

NumPy reads this variable when it is first imported. The matrices are small here, and its threads
would wait for each other at full speed: 371 messages of an interview took 29 s of processor time
with two threads and 14 s with one.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
