"""What counts as a mail address, for every room that is given one. Nothing is sent and nothing is looked up here."""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def is_mail(address: str) -> bool:
    """Whether an address is a mailbox that every server understands: ASCII, no quoting, a domain with a dot."""
    local, _, _ = address.rpartition("@")
    return len(local) <= 64 and len(address) <= 254 and _MAIL.fullmatch(address) is not None
