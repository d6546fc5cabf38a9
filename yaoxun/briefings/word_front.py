"""What stands before the text, as WordprocessingML text: 报头 or cover, 密级 and its like, 本期要目, 目录."""

from collections.abc import Iterator, Sequence
from datetime import date

from yaoxun.briefings.model import Attachment, Heading, Issue, Item, LateSlots, Run, text_of, unforced, unforced_runs
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.word_parts import Ink, field_xml, link_xml, paragraph_xml, piece_xml, toc_name

_BLANK_DATE = "\u3000\u3000年\u3000月\u3000日"


def opening_xml(issue: Issue, profile: FormatProfile, late: LateSlots | None, ink: Ink) -> str:
    """份号, 密级 and 紧急程度 (7.2.1 to 7.2.3), then 报头 or the head of a cover."""
    head = issue.masthead
    lines = [("CopyNumber", head.copy_number), ("Secret", head.secret), ("Secret", head.urgency)]
    above = "".join(paragraph_xml(style, [Run(text=text)], ink) for style, text in lines if text)
    number = late.issue_number if late else "〔〕第\u3000期"
    day = date_words(late.printed_on if late else None)
    if profile.opening == "cover":
        named = [("CoverName", head.name), ("IssueNumber", number), ("CoverIssuer", head.issuer), ("CoverDate", day)]
    else:
        named = [("Masthead", head.name), ("IssueNumber", number), ("DateLine", f"\t{head.issuer}\t{day}")]
    return above + "".join(paragraph_xml(style, [Run(text=text)], ink) for style, text in named)


def date_words(day: date | None) -> str:
    """2023年4月6日, or room for it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else _BLANK_DATE


def contents_xml(issue: Issue, ink: Ink) -> str:
    """本期要目: the titles of the items; of an issue with one item, its headings of the first level."""
    items = [unforced(text_of(block.runs)) for block in issue.blocks if isinstance(block, Item)]
    lines = [f"{n}.\t{text}" for n, text in enumerate((issue.title, *items), 1)] if items else []
    lines = lines or [text_of(b.runs) for b in issue.blocks if isinstance(b, Heading) and b.level == 1]
    head = paragraph_xml("ContentsHead", [Run(text="本期要目")], ink)
    return head + "".join(paragraph_xml("ContentsLine", [Run(text=line)], ink) for line in lines)


def toc_xml(issue: Issue, profile: FormatProfile, ink: Ink, section: str) -> str:
    """目录: a real TOC field with its entries written out, each linked to its heading. Pages come from `ink.fit`; where
    they are not known the field is marked to be computed when the file is opened."""
    entries = list(toc_entries(issue, profile.toc_levels))
    code = f'TOC \\o "1-{profile.toc_levels}" \\h \\z'
    if any(isinstance(block, Item) for block in issue.blocks):  # items above headings: 标题,1,heading 1,2
        levels = [f"heading {n},{n + 1}" for n in range(1, profile.toc_levels)]
        code = f'TOC \\h \\z \\t "{",".join(("Title,1", "条目标题,1", *levels))}"'
    unknown = any(name not in ink.fit.pages for _, name, _ in entries)
    stale = ' w:dirty="1"' if unknown else ""
    begin = (
        f'<w:r><w:fldChar w:fldCharType="begin"{stale}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code.replace(chr(34), "&quot;")} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines = [paragraph_xml("TOCHead", [Run(text="目\u3000录")], ink)]
    for n, (level, name, text) in enumerate(entries):
        style = f"TOC{level}"
        page = str(ink.fit.pages[name]) if name in ink.fit.pages else ""
        shown = piece_xml(style, text) + "<w:r><w:tab/></w:r>" + field_xml(f"PAGEREF {name} \\h", page)
        lines.append(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{begin if n == 0 else ""}{link_xml(name, shown)}</w:p>'
        )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if entries else ""
    lines.append(f'<w:p><w:pPr><w:pStyle w:val="ColophonAnchor"/>{section}</w:pPr>{end}</w:p>')
    return "".join(lines)


def toc_entries(issue: Issue, levels: int) -> Iterator[tuple[int, str, str]]:
    """(level, bookmark, text) of every line of 目录, in order. Bookmarks are counted over the headline, items and headings."""
    marked: Sequence[Heading | Item] = [b for b in issue.blocks if isinstance(b, Heading | Item)]
    has_items = any(isinstance(b, Item) for b in marked)
    if has_items:
        yield 1, toc_name(1), issue.title
    for n, block in enumerate(marked, 2):
        level = 1 if isinstance(block, Item) else block.level + has_items
        if level <= levels:
            yield level, toc_name(n), unforced(text_of(block.runs))


def attachment_note_xml(attachments: Sequence[Attachment], ink: Ink) -> str:
    """附件说明 after the text (7.3.4)."""
    if len(attachments) == 1:
        return paragraph_xml("AttachmentNote", [Run(text="附件："), *unforced_runs(attachments[0].runs)], ink)
    lines = []
    for n, attachment in enumerate(attachments):
        style, mark = ("AttachmentNotesMore", "\t") if n else ("AttachmentNotes", "附件：")
        lines.append(
            paragraph_xml(style, [Run(text=f"{mark}{attachment.number}.\t"), *unforced_runs(attachment.runs)], ink)
        )
    return "".join(lines)
