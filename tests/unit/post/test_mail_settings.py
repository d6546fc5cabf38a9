from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from yaoxun.errors import ConfigError, OutsideError
from yaoxun.home import shipped
from yaoxun.post.settings import MailSettings, load_mail
from yaoxun.post.smtp import log_in


@pytest.fixture(autouse=True)
def _no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("ENABLED", "HOST", "PORT", "SECURITY", "USER", "CA_FILE", "PASSWORD"):
        monkeypatch.delenv(f"YAOXUN_SMTP_{key}", raising=False)


def mail_yaml(home: Path, **changes: Any) -> Path:
    """The shipped mail.yaml with changes (None: the key is left out), in a home; its config folder."""
    content = yaml.safe_load((shipped("config") / "mail.yaml").read_text(encoding="utf-8")) | changes
    (home / "config").mkdir(exist_ok=True)
    kept = {key: value for key, value in content.items() if value is not None}
    (home / "config/mail.yaml").write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return home / "config"


def test_the_shipped_file_is_valid_and_sends_nothing() -> None:
    settings = load_mail(shipped("config"))

    assert settings.enabled is False
    assert settings.host.endswith(".example")


def test_paths_are_relative_to_the_home(tmp_path: Path) -> None:
    settings = load_mail(mail_yaml(tmp_path, ca_file="ca.pem", password_env="", password_file="secret/mail"))

    assert settings.ca_file == str(tmp_path / "ca.pem")
    assert settings.password_file == str(tmp_path / "secret/mail")


def test_the_environment_brings_another_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = mail_yaml(tmp_path)
    wanted = {
        "ENABLED": "true",
        "HOST": "127.0.0.1",
        "PORT": "2525",
        "SECURITY": "starttls",
        "USER": "u",
        "CA_FILE": "/x.pem",
    }
    for key, value in wanted.items():
        monkeypatch.setenv(f"YAOXUN_SMTP_{key}", value)

    settings = load_mail(config)

    assert settings.enabled is True
    assert (settings.host, settings.port, settings.security) == ("127.0.0.1", 2525, "starttls")
    assert (settings.user, settings.ca_file) == ("u", "/x.pem")


def test_a_fault_in_the_environment_is_not_blamed_on_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAOXUN_SMTP_PORT", "smtp")

    with pytest.raises(ConfigError) as caught:
        load_mail(mail_yaml(tmp_path))

    assert "环境变量 YAOXUN_SMTP_" in str(caught.value) and "port" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"security": "none"}, "security", "starttls"),
        ({"security": "plain-loopback-only"}, "", "本机"),
        ({"password": "hunter2"}, "password", "不认识"),
        ({"from_address": "办公室"}, "from_address", "邮箱地址"),
        ({"from_name": "办公室\nBcc: x"}, "from_name", "一行"),
        ({"host": "mail example"}, "host", "主机名"),
        ({"port": 0}, "port", "65535"),
        ({"timeout_s": 600}, "timeout_s", "60"),
        ({"retry_minutes": []}, "retry_minutes", "间隔"),
        ({"domain": None}, "domain", "缺少"),
        ({"password_env": ""}, "", "password_file"),
        ({"password_file": "x"}, "", "也只写一个"),
        ({"user": "账号@mail.example"}, "user", "英文"),
    ],
)
def test_a_wrong_setting_stops_with_its_key_and_a_remedy(
    tmp_path: Path, changes: dict[str, Any], key: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_mail(mail_yaml(tmp_path, **changes))

    assert caught.value.key == key
    assert words in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_plain_is_allowed_on_this_machine_only(tmp_path: Path, host: str) -> None:
    assert load_mail(mail_yaml(tmp_path, security="plain-loopback-only", host=host)).host == host


def test_the_password_is_read_when_asked_for_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("code-from-file\n", encoding="utf-8")
    from_env = load_mail(mail_yaml(tmp_path, password_env="OFFICE_MAIL"))
    monkeypatch.setenv("OFFICE_MAIL", "code-from-env")
    from_file = load_mail(mail_yaml(tmp_path, password_env="", password_file="secret"))

    assert (from_env.password(), from_file.password()) == ("code-from-env", "code-from-file")
    assert "code-from" not in repr(from_env) + repr(from_file) + from_env.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "place"),
    [({}, "YAOXUN_SMTP_PASSWORD"), ({"password_env": "", "password_file": "nowhere"}, "nowhere")],
)
def test_a_missing_password_says_where_it_was_looked_for(tmp_path: Path, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_mail(mail_yaml(tmp_path, **changes)).password()

    assert place in str(caught.value) and "授权码" in str(caught.value)


def test_a_retry_waits_longer_each_time_and_never_stops(tmp_path: Path) -> None:
    settings: MailSettings = load_mail(mail_yaml(tmp_path, retry_minutes=[5, 15, 60]))
    now = datetime(2023, 4, 6, 1, 0, tzinfo=UTC)

    waits = [(settings.retry_at(now, attempts) - now) // timedelta(minutes=1) for attempts in range(6)]

    assert waits == [5, 15, 60, 60, 60, 60]


def test_a_trial_address_is_a_mailbox_or_none(tmp_path: Path) -> None:
    assert load_mail(mail_yaml(tmp_path, divert_to=None)).divert_to == ""
    assert load_mail(mail_yaml(tmp_path, divert_to="trial@mail.example")).divert_to == "trial@mail.example"
    with pytest.raises(ConfigError, match="divert_to") as told:
        load_mail(mail_yaml(tmp_path, divert_to="试运行"))
    assert "“试运行”不是邮箱地址" in str(told.value)


@pytest.mark.parametrize(("port", "security", "usual"), [(587, "tls", "starttls"), (465, "starttls", "tls")])
def test_a_port_that_does_not_go_with_its_security_is_said_first(port: int, security: str, usual: str) -> None:
    settings = load_mail(shipped("config")).model_copy(
        update={"host": "127.0.0.1", "port": port, "security": security, "user": "", "timeout_s": 5}
    )
    with pytest.raises(OutsideError) as told:  # nobody listens there
        log_in(settings)
    assert f"{port} 端口一般配 {usual}，现在写的是 {security}" in told.value.remedy
