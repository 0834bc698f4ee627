"""How the process computes while people are being interviewed."""

from __future__ import annotations

import gc
from contextlib import AsyncExitStack
from typing import Any


def one_thread_for_small_sums() -> Any:
    """Numpy's products run on the thread that asks for them; what is given back has `restore_original_limits`.

    OpenBLAS divides even small ones among all cores and waits for them busily: **measured** beside other work, a turn's
    spans took 35 to 190 ms of processor time instead of 2.
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas").limit(limits=1)


def leave_out_of_collections(closing: AsyncExitStack) -> None:
    """What is there for good is not looked through by the garbage collector, which would stop a turn in its middle to do so.

    **Measured**: a full collection over corpus and models takes 0.18 s, and came once in ten turns or so.
    """
    gc.collect()
    gc.freeze()
    closing.callback(gc.unfreeze)
