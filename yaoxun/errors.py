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
