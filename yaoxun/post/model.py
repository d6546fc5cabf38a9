"""What the outbox is made of, as frozen values: kinds of message, states of a recipient, addresses, outcomes.

No SQL, no network and no file here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

PATH_PREFIX = "回/"


class MessageKind(StrEnum):
    """What a message is for."""

    BULLETIN = "bulletin"
    RECEIPT = "receipt"
    RETURN = "return"
    REMINDER = "reminder"


KIND_WORDS = {
    MessageKind.BULLETIN.value: "简报",
    MessageKind.RECEIPT.value: "回执",
    MessageKind.RETURN.value: "退回件",
    MessageKind.REMINDER.value: "催报",
}


class RecipientState(StrEnum):
    """Where one recipient of one message stands. Only 服务器已接收 says that a server has taken the mail over for it; that it
    was read is never known. 已改投: in a trial the mail went to another address instead."""

    WAITING = "待发"
    CLAIMED = "领取"
    DATA = "送达中"
    ACCEPTED = "服务器已接收"
    REFUSED = "被拒"
    RETRY = "待重试"
    UNKNOWN = "状态不明"
    WITHDRAWN = "已撤"
    DIVERTED = "已改投"


def is_path(address: str) -> bool:
    """Whether an address is a file under 回/ and not a mailbox."""
    return address.startswith(PATH_PREFIX)


def path_parts(address: str) -> tuple[str, ...] | None:
    """The steps of a path below 回/; None when it is none, or leads out of it, or another system would split it."""
    if not is_path(address):
        return None
    below = address.removeprefix(PATH_PREFIX)
    parts = tuple(below.split("/"))
    unsafe = any(part in ("", ".", "..") or part != part.rstrip(" .") for part in parts)
    if unsafe or re.search(r'[\\:*?"<>|\x00-\x1f\x7f]', below) or PurePosixPath(below).parts != parts:
        return None
    return parts


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one attempt on one recipient. `code` is the server's (0: it said nothing), `text` its words for the
    record. `permanent`: the address itself was refused, not our sender or content."""

    state: RecipientState
    code: int
    text: str
    permanent: bool = False

    @classmethod
    def accepted(cls, code: int, text: str) -> "Outcome":
        """The server has taken the mail over."""
        return cls(state=RecipientState.ACCEPTED, code=code, text=text)

    @classmethod
    def refused(cls, code: int, text: str, *, permanent: bool) -> "Outcome":
        """The server will not take it, now or later."""
        return cls(state=RecipientState.REFUSED, code=code, text=text, permanent=permanent)

    @classmethod
    def retry(cls, code: int, text: str) -> "Outcome":
        """Certainly not delivered, and a later attempt may be."""
        return cls(state=RecipientState.RETRY, code=code, text=text)

    @classmethod
    def unknown(cls, text: str) -> "Outcome":
        """Broken after DATA was begun: delivered or not, nobody here can tell."""
        return cls(state=RecipientState.UNKNOWN, code=0, text=text)
