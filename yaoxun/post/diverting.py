"""A mail in a trial: to one address instead of its recipient, saying so before anything else. Pure.

Each recipient's diverted mail has a Message-ID of its own, made from the message's: mail systems drop a second mail of
one Message-ID without a word, and the true recipient may be sent the true mail later.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from yaoxun.post.compose import Letter

MARK = "试运行改投"
_ROLES = {"to": "主送", "cc": "抄送"}


def diverted(letter: Letter, *, tag: str, to: str, instead_of: str, everybody: Sequence[tuple[str, str]]) -> Letter:
    """The letter as it goes `to` one address. `tag` tells its Message-ID from others; `everybody`: (address, role) of the
    message."""
    lines = [
        f"【{MARK}】这封信没有发给收件人，改投到 {to}。",
        f"本封原收件人：{instead_of}",
        *(f"全部{title}：{'、'.join(names)}" for role, title in _ROLES.items() if (names := _of(everybody, role))),
        "正式发信前，请把 config/mail.yaml 的 divert_to 留空。",
    ]
    block = "".join(f"<div>{escape(line)}</div>" for line in lines)
    page = f'<div style="border:2px solid #c00;padding:8px;margin-bottom:16px">{block}</div>'
    head, body, rest = letter.html.partition("<body>")
    return replace(
        letter,
        message_id=letter.message_id.replace("@", f".{tag}@", 1),
        subject=f"【{MARK}】{letter.subject}",
        text="\n".join([*lines, "-" * 40, "", letter.text]),
        html=f"{head}{body}{page}{rest}" if body else page + letter.html,
        to=(to,),
        cc=(),
    )


def _of(everybody: Sequence[tuple[str, str]], role: str) -> list[str]:
    return [address for address, its in everybody if its == role]
