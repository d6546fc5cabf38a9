"""Column types and helpers shared by the ledgers of all rooms: UTC times, JSON text, scaled numbers, keys.

SQLite rounds Numeric at 17 digits and its DateTime loses the zone, so a number is an integer with a scale and a time is
stored in UTC: sortable text on SQLite, timestamptz on PostgreSQL.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from yaoxun.errors import InternalError

metadata = MetaData()
MAX_SCALED = 2**63 - 1
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, order=False)
class Scaled:
    """A number as the ledger holds it: `value` / 10**`scale`, exact. 12.34 is Scaled(1234, 2)."""

    value: int
    scale: int

    @classmethod
    def of(cls, number: Decimal | int, scale: int) -> "Scaled":
        """Raises InternalError when the number has more decimals than `scale` or does not fit 64 bits."""
        shifted = Decimal(number).scaleb(scale)
        if shifted != shifted.to_integral_value() or abs(shifted) > MAX_SCALED:
            raise InternalError(f"数值 {number} 无法按 {scale} 位小数存放")
        return cls(int(shifted), scale)

    @property
    def number(self) -> Decimal:
        return Decimal(self.value).scaleb(-self.scale)


class Utc(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive time is refused."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise InternalError("时间没有时区，不能入库")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class Json(TypeDecorator[Any]):
    """Plain data as canonical JSON text, readable with any tool."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return _CANONICAL.encode(value)


BigKey = BigInteger().with_variant(Integer, "sqlite")


def pk() -> Column[int]:
    """The running id of a row."""
    return Column("id", BigKey, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """A reference to the id of another table."""
    return Column(name, BigKey, ForeignKey(f"{target}.id"), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """Text; '' stands for none in key columns, so that unique indexes hold."""
    return Column(name, Text, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """A time in UTC."""
    return Column(name, Utc, nullable=nullable)


def integer(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number of 64 bits."""
    return Column(name, BigInteger, nullable=nullable)


def json_text(name: str, *, nullable: bool = False) -> Column[Any]:
    """Plain data."""
    return Column(name, Json, nullable=nullable)
