"""Named places at which a test may let the process die.

`failpoint("judge.before_commit")` does nothing, unless YAOXUN_FAILPOINT names it: then the process kills itself
with SIGKILL, as a power cut would. `name:3` dies at the third passing. Every name stands in `KNOWN`, so that a test
can list them and a misspelt name cannot pass in silence.
"""

import os
import signal

from yaoxun.errors import InternalError

KNOWN = (
    "take_in.before_pickup",
    "take_in.after_pickup",
    "take_in.after_blob",
    "take_in.before_commit",
    "take_in.after_commit",
    "take_in.after_move",
    "judge.after_claim",
    "judge.after_open",
    "judge.before_duplicate_commit",
    "judge.before_commit",
    "judge.after_commit",
    "judge.after_copy",
    "assign.before_commit",
    "assign.after_commit",
    "reject.before_commit",
    "draft.before_commit",
    "draft.after_commit",
    "sign.before_commit",
    "sign.after_sign",
    "sign.after_freeze",
    "sign.before_number_commit",
    "sign.after_number",
    "sign.after_file",
    "send.before_claim_commit",
    "send.after_claim",
    "send.after_compose",
    "send.before_data",
    "send.in_data",
    "send.after_data",
    "send.after_accept",
    "send.before_path",
    "send.after_path",
    "remind.before_commit",
    "remind.after_commit",
)

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if the environment asks for it; otherwise do nothing."""
    wanted = os.environ.get("YAOXUN_FAILPOINT")
    if wanted is None:
        return
    if name not in KNOWN:
        raise InternalError(f"未登记的故障点：{name}")
    wanted_name, _, nth = wanted.partition(":")
    if wanted_name == name:
        _passed[name] = _passed.get(name, 0) + 1
        if _passed[name] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
