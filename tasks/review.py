"""review: 核稿 of a draft by a named person, where an office has switched it on. It holds for what this version says; a new
version is reviewed anew. Until then it is not signed (sign.py).
"""

from dataclasses import dataclass

from tasks.desk import open_desk
from tasks.document_steps import is_reviewed, kind_of, newest_held, record_step, refuse_superseded, require_role
from yaoxun.briefings import ledger
from yaoxun.briefings.ledger import REVIEWED
from yaoxun.context import Context
from yaoxun.errors import NotNowError

ROLE = "核稿人"


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A reviewed version; `before`: somebody had done so already."""

    document: int
    version: int
    title: str
    before: bool = False

    def summary(self) -> str:
        what = f"第 {self.document} 号文稿第 {self.version} 版《{self.title}》"
        return f"{what}先前已核稿。" if self.before else f"{what}已核稿，可以签发。"


def review(ctx: Context, document: int, *, remark: str = "") -> Reviewed:
    """Record that `ctx.actor` has reviewed the newest version of a document.

    Raises RequestError for no such document, NotNowError when its kind has no such step, when the person may not, or when
    it is signed or superseded.
    """
    with open_desk(ctx) as desk, desk.store.write() as conn:
        newest = newest_held(conn, document)
        if REVIEWED not in kind_of(desk, newest).steps:
            remedy = (
                f"要核稿的，在 config/briefings.yaml 的 kinds.{newest.kind} 写上 steps: [核稿]；不要核稿的，直接签发。"
            )
            raise NotNowError(f"{newest.kind}没有核稿这一步。", remedy)
        require_role(desk, conn, newest, ROLE, REVIEWED)
        refuse_superseded(conn, document)
        if ledger.signed_version(conn, document) is not None:
            raise NotNowError(f"第 {document} 号文稿已经签发，不再核稿。", "要改的请重新拟稿。")
        before = is_reviewed(conn, newest)
        if not before:
            record_step(desk, conn, newest, REVIEWED, remark)
        return Reviewed(document=document, version=newest.n, title=newest.title, before=before)
