"""devices: the manners of a child process: it dies with its parent, leaves Ctrl-C to it, is quiet and a little humble."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def become_child(parent_pid: int, niceness: int) -> None:
    """Call it first thing in a process that was started by `multiprocessing`.

    The kernel kills it when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG, Linux).

    Parameters
    ----------
    parent_pid : int
        Who started this process.
    niceness : int
        By how much it stands back for the window.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:  # it died before the kernel knew
        os._exit(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the parent, which then ends this process
    os.nice(niceness)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
