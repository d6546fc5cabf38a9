"""One verified connection to the office's mail server, for many mails. yagmail connects and logs in; its own sending is
never used: it attaches a file whose path is the body's text, logs in once a mail and answers a dropped DATA with False.

Its failures are OSErrors, some with `smtp_code`, which is all that is asked of them. No database and no wording here.
"""

import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol, Self

from yaoxun.errors import ConfigError, OutsideError
from yaoxun.mail_address import is_mail
from yaoxun.post.model import Outcome
from yaoxun.post.replies import network_words, raw_words, reply_words
from yaoxun.post.settings import MailSettings

__all__ = ["Client", "Connection", "Outcome", "Session", "log_in"]

Reply = tuple[int, bytes]


class Session(Protocol):
    """What we use of an SMTP session that is logged in. `sock` is None once it is closed."""

    sock: Any

    def docmd(self, cmd: str, args: str = "") -> Reply: ...
    def mail(self, sender: str, options: Sequence[str] = ()) -> Reply: ...
    def rcpt(self, recip: str) -> Reply: ...
    def data(self, msg: bytes) -> Reply: ...
    def has_extn(self, opt: str) -> bool: ...
    def close(self) -> None: ...


class Client(Protocol):
    """What we use of yagmail's client. It hangs up when it is collected, so it is kept as long as its session."""

    smtp: Session | None
    is_closed: bool | None

    def close(self) -> None: ...


# Which refusals of MAIL mean the sender's address (RFC 5321, and what large providers answer), and which a login.
_SENDER_CODES = frozenset({501, 550, 551, 553, 554})
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_ASK = "请核对 config/mail.yaml 的 host、port、security，再把服务器的原话告诉管这台邮件服务器的人；信都还在待发箱。"


class _OutOfStep(ConnectionError):
    """The server answered RSET with no; its words are already a sentence."""


class Connection:
    """A context manager: connects at once, again when the server has hung up between two mails, and says goodbye.

    Raises OutsideError when the server is out of reach or does not let us in, ConfigError for a missing password or CA.
    """

    def __init__(self, settings: MailSettings, open_client: Callable[[MailSettings], Client] | None = None) -> None:
        self._settings = settings
        self._open = open_client or log_in
        self._client: Client | None = None

    def __enter__(self) -> Self:
        self._session()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        if kind is None and self._client is not None:
            with suppress(OSError):
                self._client.close()
        self._drop()

    def deliver(self, envelope_from: str, address: str, eml: bytes, before_data: Callable[[], None]) -> Outcome:
        """Offer `eml` (7-bit, CRLF) for one address. `before_data` runs after the server has agreed to sender and
        recipient and before DATA; what it raises is passed on, and nothing was sent.

        Raises OutsideError when a new connection is needed and fails, or when our sender address is refused; then
        nothing was sent either.
        """
        if not is_mail(address):
            return Outcome.refused(553, f"“{address}”不是可用的邮箱地址", permanent=True)
        objection = self._offer(envelope_from, address, len(eml))
        if objection is not None and self._client is None:
            objection = self._offer(envelope_from, address, len(eml))  # hung up between two mails: once more
        if objection is not None:
            return objection
        before_data()  # should it raise, the open transaction ends with the RSET before the next
        return self._send(eml)

    def _session(self) -> Session:
        if self._client is None:
            self._client = self._open(self._settings)
        assert self._client.smtp is not None  # noqa: S101 (narrowing; a logged-in client has one)
        return self._client.smtp

    def _drop(self) -> None:
        if self._client is not None:
            _abandon(self._client)
        self._client = None

    def _offer(self, sender: str, address: str, size: int) -> Outcome | None:
        """MAIL and RCPT; None when the server waits for DATA. The connection is dropped when it is of no more use."""
        session = self._session()
        options = [f"size={size}"] if session.has_extn("size") else []
        try:
            code, reply = session.docmd("RSET")
            if not _is_yes(code):
                raise _OutOfStep(reply_words(code, reply))  # out of step with the server: as good as hung up
            code, reply = session.mail(sender, options)
            if 500 <= code < 600 and code != 552:  # 552: this mail is too big
                raise self._sender_refused(sender, code, reply)
            if _is_yes(code):
                code, reply = session.rcpt(address)
        except OSError as err:
            self._drop()
            return Outcome.retry(0, f"正文发出前连接中断：{_why(err)}")
        return None if _is_yes(code) else self._objection(code, reply, permanent=code != 552)

    def _send(self, eml: bytes) -> Outcome:
        session = self._session()
        try:
            code, reply = session.data(eml)
        except OSError as err:
            code, reply = getattr(err, "smtp_code", 0), getattr(err, "smtp_error", b"")
            if not 400 <= code < 600 or session.sock is None:  # a yes before the body is no yes to the body
                self._drop()
                return Outcome.unknown(f"发出正文后没有得到服务器的答复：{_why(err)}")
        if _is_yes(code):
            return Outcome.accepted(code, raw_words(code, reply))
        if 400 <= code < 600:
            return self._objection(code, reply, permanent=False)
        self._drop()
        return Outcome.unknown(f"发出正文以后，{reply_words(code, reply)}")

    def _objection(self, code: int, reply: bytes, *, permanent: bool) -> Outcome:
        if 500 <= code < 600:
            return Outcome.refused(code, reply_words(code, reply), permanent=permanent)
        if code == 421 or not 400 <= code < 500:  # it is closing, or we do not understand each other
            self._drop()
        return Outcome.retry(code, reply_words(code, reply))

    def _sender_refused(self, sender: str, code: int, reply: bytes) -> OutsideError:
        where, said = f"邮件服务器 {self._settings.host}:{self._settings.port}", reply_words(code, reply)
        if code in _SENDER_CODES:
            remedy = (
                "请把 config/mail.yaml 的 from_address 改成登录账号自己的地址，多数邮箱要求两者一致；信都还在待发箱。"
            )
            return OutsideError(f"{where} 不接受发件地址 {sender}：{said}。", remedy)
        if code in _LOGIN_CODES:
            remedy = "请核对 config/mail.yaml 的 security，写上 user 和放口令的 password_file；信都还在待发箱。"
            return OutsideError(f"{where} 不让没有登录的发信：{said}。", remedy)
        return OutsideError(f"{where} 不肯收信：{said}。", _ASK)


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _why(err: OSError) -> str:
    return str(err) if isinstance(err, _OutOfStep) else network_words(err)


def _abandon(client: Client) -> None:
    """Close without a goodbye, and keep yagmail's destructor from saying one."""
    client.is_closed = True
    if client.smtp is not None:
        client.smtp.close()


def log_in(settings: MailSettings, told: Callable[[str], None] = lambda step: None) -> Client:
    """Connect, verify, log in; each step that came about is told. Raises OutsideError, ConfigError."""
    password = settings.password() if settings.user else ""
    client, logging_in = _client(settings, password), False
    try:
        client.login()
        client.smtp.ehlo_or_helo_if_needed()  # a login greets; without one nobody has
        told(f"已连接 {settings.host}:{settings.port}，{_secured(client.smtp.sock)}")
        if logging_in := bool(settings.user):
            client.smtp.login(settings.user, password)
            told(f"已登录，账号 {settings.user}")
    except OSError as err:
        _abandon(client)
        raise _no_way_in(settings, err, logging_in) from err
    return client  # type: ignore[no-any-return]  # yagmail's own type, structurally a Client


def _client(settings: MailSettings, password: str) -> Any:
    """yagmail's, not connected yet."""
    import yagmail

    context = _verified(settings)
    secure = {"context": context} if settings.security == "tls" else {}
    account: Any = {settings.user: settings.user}  # a plain string without @ would become one of gmail.com
    return yagmail.SMTP(
        account,
        password,
        settings.host,
        settings.port,
        smtp_ssl=settings.security == "tls",
        smtp_starttls={"context": context} if settings.security == "starttls" else False,
        smtp_skip_login=True,  # a step of its own, in log_in
        soft_email_validation=False,
        timeout=settings.timeout_s,
        local_hostname=settings.domain,  # else smtplib asks the name service, for seconds where there is none
        **secure,
    )


def _secured(sock: Any) -> str:
    return f"已加密（{sock.version()}），证书可信" if isinstance(sock, ssl.SSLSocket) else "没有加密（只限本机）"


def _verified(settings: MailSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file or None)
    except OSError as err:
        problem = f"CA 证书文件 {settings.ca_file} 读不出来或不是 PEM 格式"
        remedy = "请放好这个文件；用公共邮箱的，把 ca_file 留空。"
        raise ConfigError(file="config/mail.yaml", key="ca_file", problem=problem, remedy=remedy) from err


def _no_way_in(settings: MailSettings, err: OSError, logging_in: bool) -> OutsideError:
    """The sentence for a connection that did not come about: which server, what happened, what to look at."""
    where, said = f"邮件服务器 {settings.host}:{settings.port}", network_words(err)
    code: int = getattr(err, "smtp_code", 0)
    look = f"请核对 config/mail.yaml 的 host、port、security（{_usual(settings)}），并确认网络通畅；信都还在待发箱。"
    if isinstance(err, ssl.SSLCertVerificationError):
        remedy = "请核对 config/mail.yaml 的 host；单位自建的服务器，把它的 CA 证书文件写进 ca_file。不要绕过这项检查。"
        return OutsideError(f"{where} 的证书不可信，没有登录：{said}。", remedy)
    if isinstance(err, ssl.SSLError):
        return OutsideError(f"与{where} 建立加密连接失败：{said}。", look)
    if logging_in and code in _LOGIN_CODES | _SENDER_CODES:
        place = settings.password_file or f"环境变量 {settings.password_env}"
        remedy = f"请核对 config/mail.yaml 的 user 和{place} 里的口令；QQ、163 等邮箱要用授权码，不是网页登录的密码。"
        return OutsideError(f"{where} 不让账号 {settings.user} 登录：{said}。", remedy)
    if 500 <= code < 600:
        return OutsideError(f"{where} 不接受{'登录' if logging_in else '连接'}：{said}。", _ASK)
    if code:
        return OutsideError(f"{where} 暂时不接受连接：{said}。", "请过几分钟再试；信都还在待发箱。")
    return OutsideError(f"连不上{where}：{said}。", look)


def _usual(settings: MailSettings) -> str:
    """What usually goes together; where port and security do not, that first."""
    usual = {465: "tls", 587: "starttls", 25: "starttls"}.get(settings.port, settings.security)
    mismatch = (
        f"{settings.port} 端口一般配 {usual}，现在写的是 {settings.security}；" if usual != settings.security else ""
    )
    return f"{mismatch}465 端口一般是 tls，587 一般是 starttls"
