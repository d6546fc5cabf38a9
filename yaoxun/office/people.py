"""People and contacts as config/people.yaml seeds them: posts, no personal names. What staff edit afterwards are rows
(ledger.py).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yaoxun.errors import ConfigError, InternalError
from yaoxun.mail_address import is_mail
from yaoxun.office.office import Office
from yaoxun.office.settings import ContactKind, PeopleFile
from yaoxun.settings import Faults, load_settings


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who logs in. `title` says the post; `roles` what they may do."""

    login: str
    valid_from: date
    org: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An address of an organisation and what it is for; 允许发件 may send in the organisation's name."""

    org: str
    kind: ContactKind
    address: str
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class People:
    """The seeds."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]


def load_people(config: Path, office: Office) -> People:
    """config/people.yaml. Raises ConfigError for an unknown organisation, what is no address, a login or an address given twice."""
    faults = Faults()
    people = gather_people(config, frozenset(o.code for o in office.organisations), faults)
    faults.stop()
    if people is None:
        raise InternalError("people without a fault did not load")
    return people


def gather_people(config: Path, known: frozenset[str] | None, faults: Faults) -> People | None:
    """The same as far as the file can be read; what is wrong goes to `faults`. `known`: the codes of organisations, None
    where they are not known."""
    path, settings = config / "people.yaml", None
    with faults.gathered():
        settings = load_settings(path, PeopleFile)
    if settings is None:
        return None
    people = tuple(
        Person(login=s.login, valid_from=s.valid_from or settings.valid_from, org=s.org, title=s.title, roles=s.roles)
        for s in settings.staff
    )
    contacts = tuple(
        Contact(org=org, kind=kind, address=address, valid_from=settings.valid_from)
        for org, kinds in settings.contacts.items()
        for kind, addresses in kinds.items()
        for address in ((addresses,) if isinstance(addresses, str) else addresses)
    )
    for number, person in enumerate(people, 1):
        if known is not None and person.org not in known:
            problem = f"名录里没有单位“{person.org}”"
            faults.add(_fault(path, f"staff.{number}.org", problem, "请写 organisations.yaml 里的代码。"))
        if person.login in [p.login for p in people[: number - 1]]:
            faults.add(_fault(path, f"staff.{number}.login", f"登录名“{person.login}”写了两次", "请每人用一个登录名。"))
    for org in settings.contacts:
        if known is not None and org not in known:
            faults.add(_fault(path, f"contacts.{org}", f"名录里没有单位“{org}”", "请写 organisations.yaml 里的代码。"))
    for number, contact in enumerate(contacts):
        key = f"contacts.{contact.org}.{contact.kind}"
        if not is_mail(contact.address):
            faults.add(_fault(path, key, f"“{contact.address}”不是邮件地址", "请写成半角的 名字@域名，域名里要有点。"))
        if contact in contacts[:number]:
            faults.add(_fault(path, key, f"地址“{contact.address}”写了两次", "请删去一个。"))
    return People(people=people, contacts=contacts)


def _fault(path: Path, key: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError(file=path, key=key, problem=problem, remedy=remedy)
