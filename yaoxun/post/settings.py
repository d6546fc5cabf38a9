"""How mail leaves the office: config/mail.yaml. The password is never in it, only where to find it.

YAOXUN_SMTP_ENABLED, _HOST, _PORT, _SECURITY, _USER and _CA_FILE override the file, so that a demo or a test can bring a
server of its own. The environment and the password are read when asked for, not on import.
"""

import ipaddress
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import PositiveInt, field_validator, model_validator

from yaoxun.errors import ConfigError
from yaoxun.mail_address import is_mail
from yaoxun.settings import Closed, load_settings, parse_settings

_OVERRIDES = ("enabled", "host", "port", "security", "user", "ca_file")
_HOST = re.compile(r"[A-Za-z0-9:](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?")


class MailSettings(Closed):
    """How mail leaves. `password_file` and `ca_file` are absolute once loaded, '' for none; `timeout_s` is for each
    step of a delivery: at most 60, because a claim on a recipient holds for 180 s. `divert_to`: the address that all
    mail goes to in a trial, '' for none."""

    enabled: bool
    host: str
    port: int
    security: Literal["tls", "starttls", "plain-loopback-only"]
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    ca_file: str = ""
    from_name: str
    from_address: str
    domain: str
    timeout_s: int
    retry_minutes: tuple[PositiveInt, ...]
    divert_to: str = ""

    @field_validator("host")
    @classmethod
    def _a_host(cls, value: str) -> str:
        if not _HOST.fullmatch(value):
            raise ValueError(f"“{value}”不是主机名，只能用英文字母、数字、点和横线")
        return value

    @field_validator("domain")
    @classmethod
    def _a_domain(cls, value: str) -> str:
        if not is_mail(f"x@{value}"):
            raise ValueError(f"“{value}”不是域名，应为 mail.example 的形式")
        return value

    @field_validator("port")
    @classmethod
    def _a_port(cls, value: int) -> int:
        if not 0 < value < 65536:
            raise ValueError("端口应在 1 到 65535 之间，一般是 465 或 587")
        return value

    @field_validator("timeout_s")
    @classmethod
    def _a_timeout(cls, value: int) -> int:
        if not 5 <= value <= 60:
            raise ValueError("应在 5 到 60 秒之间")
        return value

    @field_validator("retry_minutes")
    @classmethod
    def _some_minutes(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value:
            raise ValueError("至少写一个间隔，如 [5, 15, 60, 240]")
        return value

    @field_validator("divert_to")
    @classmethod
    def _nobody_or_a_mailbox(cls, value: str) -> str:
        return cls._a_mailbox(value) if value else value

    @field_validator("from_address")
    @classmethod
    def _a_mailbox(cls, value: str) -> str:
        if not is_mail(value):
            raise ValueError(f"“{value}”不是邮箱地址")
        return value

    @field_validator("from_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.strip() or not value.isprintable():
            raise ValueError("发件人名称应为一行文字")
        return value

    @field_validator("user")
    @classmethod
    def _an_account(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("登录账号只能用英文字母、数字和符号")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.security == "plain-loopback-only" and not _is_loopback(self.host):
            raise ValueError(
                f"security 为 plain-loopback-only 时 host 只能是本机，现在是“{self.host}”；请改用 tls 或 starttls"
            )
        if self.user and bool(self.password_env) == bool(self.password_file):
            raise ValueError("写了 user，就要在 password_env 与 password_file 中写一个，也只写一个")
        return self

    def retry_at(self, now: datetime, attempts: int) -> datetime:
        """When to try again after an attempt that followed `attempts` earlier ones; the last interval repeats."""
        return now + timedelta(minutes=self.retry_minutes[min(attempts, len(self.retry_minutes) - 1)])

    def password(self) -> str:
        """The password, read now. Raises ConfigError when it is not where the settings say."""
        if self.password_file:
            where, value = f"文件 {self.password_file}", _read_password(Path(self.password_file))
        else:
            where, value = f"环境变量 {self.password_env}", os.environ.get(self.password_env, "")
        if not value or not value.isascii():
            problem = f"{where} 里{'有非英文字符' if value else '没有口令'}"
            key = "password_file" if self.password_file else "password_env"
            remedy = f"请把账号 {self.user} 的口令（QQ、163 等邮箱用授权码）放进{where}。"
            raise ConfigError(file="config/mail.yaml", key=key, problem=problem, remedy=remedy)
        return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def load_mail(config: Path) -> MailSettings:
    """The mail settings of a config folder, with what the environment overrides; paths in them are relative to the
    home, which is the folder above. Raises ConfigError."""
    settings = load_settings(config / "mail.yaml", MailSettings)
    overrides = {key: value for key in _OVERRIDES if (value := os.environ.get(f"YAOXUN_SMTP_{key.upper()}"))}
    if overrides:
        content = settings.model_dump() | overrides
        settings = parse_settings(content, MailSettings, Path("环境变量 YAOXUN_SMTP_*"))
    paths = {
        key: str(config.parent / value) for key in ("ca_file", "password_file") if (value := getattr(settings, key))
    }
    return settings.model_copy(update=paths)
