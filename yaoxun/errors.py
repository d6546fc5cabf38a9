"""The tree of errors: what is wrong in the program or its surroundings. What is wrong in a spreadsheet is a
`Finding`, a value, and never comes here.

    YaoxunError                 every sentence is Chinese and says where, what, and what to do
    ├── ConfigError             the office mends a file under config/ or report_templates/
    ├── RequestError            the person who typed the command asks for something that does not exist
    ├── NotNowError             possible, but not in the present state (unsigned, overtaken, already done)
    ├── OutsideError            a disk, server or network refused; trying again later may help
    └── InternalError           our own fault; nothing the reader does helps but a report

Every command ends with exit status 1 on any of them, and prints `str(error)` without a traceback.
"""

import errno
from pathlib import Path


class YaoxunError(Exception):
    """Base of all errors of this program; `message` says what is wrong, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n处理办法：{self.remedy}" if self.remedy else self.message


class ConfigError(YaoxunError):
    """A file of the office's configuration cannot be used; names file, key and remedy. `others`: further faults that were
    found with this one; a command stops at the first and says how many there are, `config check` tells all."""

    def __init__(
        self,
        *,
        file: Path | str,
        key: str,
        problem: str,
        remedy: str,
        line: int | None = None,
        others: "tuple[ConfigError, ...]" = (),
    ) -> None:
        where = f"{file}" + (f" 第{line}行" if line else "") + (f"，键 {key}" if key else "" if line else "，整个文件")
        super().__init__(f"配置有误：{where}：{problem}", remedy)
        self.file, self.key, self.line, self.problem, self.others = str(file), key, line, problem, others

    def __str__(self) -> str:
        return super().__str__() + (f"（另有 {len(self.others)} 处，见 yaoxun config check）" if self.others else "")


class RequestError(YaoxunError):
    """The request names something that does not exist or is not allowed to this person."""


class NotNowError(YaoxunError):
    """The request is understood, but the present state forbids it."""


class OutsideError(YaoxunError):
    """Something outside the program refused or is out of reach; nothing was lost."""


class InternalError(YaoxunError):
    """A promise of the program itself does not hold."""


_SYSTEM = {
    errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已满", errno.EACCES: "没有权限", errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的", errno.ENOENT: "没有这个文件或目录", errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "这是目录，不是文件", errno.EEXIST: "已有同名的文件或目录", errno.ENOTEMPTY: "目录不是空的",
    errno.ENAMETOOLONG: "文件名太长", errno.EIO: "磁盘读写出错", errno.EFBIG: "文件太大", errno.ELOOP: "链接指向自己",
    errno.EMFILE: "打开的文件太多", errno.ENFILE: "打开的文件太多", errno.EBUSY: "正被占用", errno.ETXTBSY: "正被占用",
    errno.EXDEV: "两处不在同一块盘上", errno.ESTALE: "网络盘断开了", errno.ECONNREFUSED: "对方拒绝连接",
}  # fmt: skip

DISK_REFUSES = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE}
)
"""What is not our fault and passes: a full disk, not a file that we looked for in the wrong place."""


def system_words(err: OSError) -> str:
    """Why the system refused, in Chinese; its own words for what is rare."""
    return _SYSTEM.get(err.errno or 0) or err.strerror or str(err) or type(err).__name__
