"""mail test: one mail to an address, now, by the real settings, each step told. Nothing of it is in the outbox, and it
goes whether mail is switched off, paused or held: it says nothing of the office and is for one who waits for it.
"""

from collections.abc import Callable
from functools import partial

from tasks.desk import load_config
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import OutsideError, RequestError
from yaoxun.mail_address import is_mail
from yaoxun.post.compose import Letter, compose, new_message_id
from yaoxun.post.model import RecipientState
from yaoxun.post.settings import MailSettings
from yaoxun.post.smtp import Connection, log_in

_REJECTED = "请核对收件地址；地址没错的，多半是邮箱服务商拦下的，请看上面服务器的原话，或换一个地址再试。"
_LATER = "请过几分钟再试；一直不行，请把上面服务器的原话告诉邮箱服务商。"


def try_mail(ctx: Context, address: str, told: Callable[[str], None]) -> str:
    """Send one test mail to `address`; the server's words. `told` hears each step as it is done.

    Raises RequestError for what is no address, ConfigError and OutsideError with what failed and what to do.
    """
    mail = load_config(ctx.home).mail
    if not is_mail(address):
        raise RequestError(f"“{address}”不是邮箱地址。", "请写成 a@example.com 的形式。")
    told(f"连接 {mail.host}:{mail.port}（{mail.security}）…")
    with Connection(mail, partial(log_in, told=told)) as connection:
        outcome = connection.deliver(
            mail.from_address, address, _letter(ctx, mail, address), lambda: told(f"服务器同意从 {mail.from_address} 发给 {address}")
        )  # fmt: skip
    if outcome.state is RecipientState.ACCEPTED:
        told(f"服务器已接收：{outcome.text}")
        return outcome.text
    remedy = _REJECTED if outcome.state is RecipientState.REFUSED else _LATER
    raise OutsideError(f"试发没有成功：发给 {address} 时，{outcome.text}。", remedy)


def _letter(ctx: Context, mail: MailSettings, address: str) -> bytes:
    now = ctx.now().astimezone(SHANGHAI)
    text = f"这是要讯的试发邮件，{now:%Y-%m-%d %H:%M} 由 {ctx.actor} 发出。\n收到即说明发信设置可用，不必回复。\n"
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
    letter = Letter(
        message_id=new_message_id(mail.domain), date=now, subject="【试发】要讯发信设置", text=text,
        html=f'<html lang="zh-CN"><body>{paragraphs}</body></html>', sender=(mail.from_name, mail.from_address), to=(address,),
    )  # fmt: skip
    return compose(letter)
