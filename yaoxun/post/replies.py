"""What a mail server answers and what a network refuses, in Chinese, the server's own words kept in brackets. Pure.

A sentence says what happened; what to look at is said where it is known who asked (smtp.py).
"""

import errno
import re
import socket
import ssl

from yaoxun.errors import system_words

_ENHANCED = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
# What an enhanced status (RFC 3463) says is more than what its code says.
_BY_STATUS = {
    "1.1": "没有这个邮箱", "1.10": "没有这个邮箱", "1.2": "邮箱地址的域名不对", "1.3": "邮箱地址的写法不对",
    "1.7": "发件地址的写法不对", "1.8": "发件地址的域名不对", "2.1": "这个邮箱已停用", "2.2": "对方邮箱已满",
    "2.3": "邮件超过了大小限制", "3.4": "邮件超过了大小限制", "4.2": "连接断了", "5.1": "命令的次序不对",
    "7.0": "服务器按它的规定不收", "7.1": "服务器按它的规定不收", "7.8": "账号或口令不对",
}  # fmt: skip
_BY_CODE = {
    421: "服务器要断开，请过一会儿再发", 450: "对方邮箱暂时收不了", 451: "服务器暂时办不了", 452: "服务器的空间暂时不够",
    454: "服务器暂时不能登录", 500: "服务器不认得这条命令", 501: "服务器不认得命令里的写法", 502: "服务器不支持这条命令",
    503: "命令的次序不对", 504: "服务器不支持这种写法", 521: "这台服务器不收邮件", 530: "服务器要求先登录或先加密",
    534: "服务器不接受这种登录方式", 535: "账号或口令不对", 538: "服务器要求先加密再登录", 550: "服务器不收这个地址的信",
    551: "这个邮箱不在这台服务器上", 552: "邮箱已满或邮件太大", 553: "服务器不接受这个地址", 554: "服务器拒收",
}  # fmt: skip
_BY_CERTIFICATE = {9: "证书还没有生效", 10: "证书已过期", 18: "证书是自己签的", 19: "证书链里有自己签的证书",
                   20: "签发证书的机构不在信任之列", 21: "签发证书的机构不在信任之列", 62: "证书不是发给这台主机的",
                   64: "证书不是发给这个地址的"}  # fmt: skip
_BY_REASON = {"WRONG_VERSION_NUMBER": "对方说的不是加密的话", "UNSUPPORTED_PROTOCOL": "对方的加密版本太旧",
              "TLSV1_ALERT_PROTOCOL_VERSION": "对方的加密版本太旧"}  # fmt: skip
_NETWORK = {errno.ECONNRESET: "对方断开了连接", errno.EPIPE: "对方断开了连接", errno.ECONNABORTED: "连接中断了",
            errno.ENETUNREACH: "网络不通", errno.EHOSTUNREACH: "到不了这台主机", errno.ETIMEDOUT: "等了很久没有答复",
            errno.ENETDOWN: "网络不通", errno.ECONNREFUSED: "对方拒绝连接"}  # fmt: skip


def raw_words(code: int, reply: bytes) -> str:
    """A server's answer as it came; some answer in GBK."""
    try:
        text = reply.decode("utf-8")
    except UnicodeDecodeError:
        text = reply.decode("gb18030", "replace")
    return f"{code} {' '.join(text.split())[:300]}"


def reply_words(code: int, reply: bytes) -> str:
    """没有这个邮箱（服务器原话：550 5.1.1 No such user）."""
    raw = raw_words(code, reply)
    found = _ENHANCED.search(raw)
    status = found[1].partition(".")[2] if found else ""
    meaning = (
        _BY_STATUS.get(status)
        or _BY_CODE.get(code)
        or ("服务器不同意" if 400 <= code < 600 else "服务器的答复无法理解")
    )
    return f"{meaning}（服务器原话：{raw}）"


def network_words(err: OSError) -> str:
    """Why there is no connection, or none any more; the system's own words in brackets for what is rare."""
    if isinstance(err, TimeoutError):
        return "等了很久没有答复"
    if isinstance(err, ssl.SSLError):
        return _encryption_words(err)
    if isinstance(err, socket.gaierror):
        return "找不到这台主机（主机名写错了，或没有接通网络）"
    if code := getattr(err, "smtp_code", 0):
        return reply_words(code, getattr(err, "smtp_error", b""))
    if not err.errno:  # what the mail library says of itself
        return _rare("服务器不支持" if "not supported" in str(err) else "服务器断开了连接", str(err))
    known = _NETWORK.get(err.errno) or system_words(err)
    return _rare("连接出错", known) if known.isascii() else known


def _encryption_words(err: ssl.SSLError) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return _BY_CERTIFICATE.get(err.verify_code) or _rare("证书不可信", err.verify_message)
    reason = getattr(err, "reason", None) or str(err)
    return _BY_REASON.get(reason) or _rare("加密连接没有建成", reason)


def _rare(what: str, raw: str) -> str:
    return f"{what}（原话：{raw}）" if raw else what
