"""Charts of Word's own: the chart part with the numbers it shows, the workbook inside it that 编辑数据 opens, and the
drawing in the text. DrawingML in schema order; told apart in print without colour by shade, hatching, dashes and markers,
slices of a pie by their names as well.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from yaoxun.briefings.model import Chart, legal, text_of
from yaoxun.briefings.profile import FormatProfile

_W = "http://schemas.openxmlformats.org"
DRAWING_NS = (
    f'xmlns:r="{_W}/officeDocument/2006/relationships" xmlns:a="{_W}/drawingml/2006/main" '
    f'xmlns:c="{_W}/drawingml/2006/chart" xmlns:wp="{_W}/drawingml/2006/wordprocessingDrawing"'
)
"""What the text has to declare for a drawing."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMU = 635  # a twip
_LABELLED = 24  # numbers that still have room at their columns or points
MOST_SERIES, MOST_SLICES = 6, 12
"""How many can be told apart in print."""
_SAID = 600  # characters of the text for those who cannot see a chart
_NAMES = {"柱": "柱形图", "折线": "折线图", "饼": "饼图"}
_HATCHES = ("", "wdUpDiag", "", "dkHorz", "dkVert", "lgGrid", "wdDnDiag")  # as many as no number of shades divides
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series as it is drawn; None is a gap."""

    name: str
    values: tuple[Decimal | None, ...]
    format: str


def series_of(chart: Chart) -> tuple[Series, ...]:
    """The series of a chart, one a column after the first. Numbers keep the decimals with which they were written."""
    found = []
    for n, head in enumerate(chart.header[1:], 1):
        texts = [text_of(row[n]).strip() for row in chart.rows]
        places = max((len(text.rstrip("%").partition(".")[2]) for text in texts), default=0)
        percent = '"%"' if any(text.endswith("%") for text in texts) else ""
        code = ("0." + "0" * places if places else "0") + percent
        found.append(Series(name=legal(text_of(head)), values=tuple(map(_number, texts)), format=code))
    return tuple(found)


def _number(text: str) -> Decimal | None:
    return None if text in ("", "—") else Decimal(text.rstrip("%"))


def _categories(chart: Chart) -> list[str]:
    return [legal(text_of(row[0])) for row in chart.rows]


def chart_workbook(chart: Chart) -> bytes:
    """The workbook inside a chart: one sheet, categories in column A, a series in each further one. The same bytes for
    the same chart."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": datetime(2000, 1, 1), "author": ""})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_column(0, 0, [legal(text_of(chart.header[0])), *_categories(chart)])
        for n, series in enumerate(series_of(chart), 1):
            look = book.add_format({"num_format": series.format})
            sheet.write_string(0, n, series.name)
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, n, float(value), look)
    return stream.getvalue()


def chart_drawing(chart: Chart, profile: FormatProfile, number: int, relation: str) -> str:
    """The run that holds a chart as wide as the type area. `number` is an id of its own in the document."""
    size = f'cx="{profile.page.text_twip * _EMU}" cy="{profile.chart.height_twip * _EMU}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name={quoteattr(f"图表 {number}")} descr={quoteattr(alt_text(chart))}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_W}/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def alt_text(chart: Chart) -> str:
    """A chart in words: what it is, then its numbers, as many as can be listened to."""
    unit = f"（单位：{chart.unit}）" if chart.unit else ""
    heads = [text_of(head) for head in chart.header[1:]]
    said = []
    for row in chart.rows:
        numbers = [f"{head}{text_of(cell).strip() or '无'}" for head, cell in zip(heads, row[1:], strict=True)]
        said.append(f"{text_of(row[0])}：{'，'.join(numbers)}")
    whole = re.sub(r"\s+", " ", f"{_NAMES[chart.shape]}，{text_of(chart.caption)}{unit}。{'；'.join(said)}。")
    return legal(whole if len(whole) <= _SAID else whole[: _SAID - 1] + "…")


def chart_xml(chart: Chart, profile: FormatProfile, *, book: str) -> bytes:
    """The chart part; `book` is its relation to the workbook inside."""
    series = series_of(chart)
    pen = _Pen(chart, series, profile)
    legend = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
    xml = (
        f'{_DECLARATION}<c:chartSpace {DRAWING_NS}><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea><c:layout/>{pen.plot()}</c:plotArea>{legend if len(series) > 1 else ''}"
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{pen.text()}<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
    return xml.encode()


class _Pen:
    """Writes the plot of one chart."""

    def __init__(self, chart: Chart, series: Sequence[Series], profile: FormatProfile) -> None:
        self._shape, self._series, self._profile = chart.shape, series, profile
        self._categories = _categories(chart)
        self._shades = profile.chart.shades

    def plot(self) -> str:
        drawn = "".join(self._one(n, series) for n, series in enumerate(self._series))
        if self._shape == "饼":
            return f'<c:pieChart><c:varyColors val="1"/>{drawn}<c:firstSliceAng val="0"/></c:pieChart>'
        axes = '<c:axId val="1"/><c:axId val="2"/>'
        if self._shape == "折线":
            lines = f'<c:grouping val="standard"/><c:varyColors val="0"/>{drawn}<c:marker val="1"/>{axes}'
            return f"<c:lineChart>{lines}</c:lineChart>{self._axes()}"
        bars = f'<c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{drawn}<c:gapWidth val="80"/>{axes}'
        return f"<c:barChart>{bars}</c:barChart>{self._axes()}"

    def _axes(self) -> str:
        ink = '<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></c:spPr>'
        grid = '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        head = '<c:axId val="{0}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="{1}"/>'
        ticks = '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        return (
            f'<c:catAx>{head.format(1, "b")}<c:numFmt formatCode="General" sourceLinked="0"/>{ticks}{ink}'
            '<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
            f'<c:noMultiLvlLbl val="1"/></c:catAx><c:valAx>{head.format(2, "l")}{grid}'
            f'<c:numFmt formatCode={quoteattr(self._series[0].format)} sourceLinked="0"/>{ticks}{ink}'
            '<c:crossAx val="1"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
        )

    def _one(self, n: int, series: Series) -> str:
        column = xl_col_to_name(n + 1)
        last = len(self._categories) + 1
        name = f"<c:tx>{_texts(f'Sheet1!${column}$1', [series.name])}</c:tx>"
        cat = f"<c:cat>{_texts(f'Sheet1!$A$2:$A${last}', self._categories)}</c:cat>"
        val = f"<c:val>{_numbers(f'Sheet1!${column}$2:${column}${last}', series)}</c:val>"
        head = f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/>{name}'
        if self._shape == "饼":
            return f"{head}{''.join(self._slices())}{self._labels('outEnd')}{cat}{val}</c:ser>"
        if self._shape == "折线":
            labels = self._labels("b" if n else "t", self._crossed())
            return f'{head}{self._line(n)}{labels}{cat}{val}<c:smooth val="0"/></c:ser>'
        return f'{head}<c:spPr>{self._fill(n)}{_EDGE}</c:spPr><c:invertIfNegative val="0"/>{self._labels()}{cat}{val}</c:ser>'

    def _slices(self) -> Iterator[str]:
        for n in range(len(self._categories)):
            yield f'<c:dPt><c:idx val="{n}"/><c:bubble3D val="0"/><c:spPr>{self._fill(n)}{_EDGE}</c:spPr></c:dPt>'

    def _line(self, n: int) -> str:
        shade = self._shades[n % len(self._shades)]
        solid = f'<a:solidFill><a:srgbClr val="{shade}"/></a:solidFill>'
        dash = f'<a:prstDash val="{_DASHES[n % len(_DASHES)]}"/>'
        marker = f'<c:marker><c:symbol val="{_MARKERS[n % len(_MARKERS)]}"/><c:size val="6"/><c:spPr>{solid}</c:spPr></c:marker>'
        return f'<c:spPr><a:ln w="22225">{solid}{dash}</a:ln></c:spPr>{marker}'

    def _fill(self, n: int) -> str:
        shade, hatch = self._shades[n % len(self._shades)], _HATCHES[n % len(_HATCHES)]
        if not hatch:
            return f'<a:solidFill><a:srgbClr val="{shade}"/></a:solidFill>'
        ground = '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr>'
        return f'<a:pattFill prst="{hatch}"><a:fgClr><a:srgbClr val="{shade}"/></a:fgClr>{ground}</a:pattFill>'

    def _crossed(self) -> list[int]:
        """Where the second line lies above the first: there its number stands above and the first one's below."""
        if len(self._series) < 2:
            return []
        pairs = enumerate(zip(self._series[0].values, self._series[1].values, strict=True))
        return [n for n, (first, second) in pairs if first is not None and second is not None and second > first]

    def _labels(self, place: str = "", turned: Sequence[int] = ()) -> str:
        """The numbers at the columns or points, where there is room, at those of `turned` on the other side; at a slice
        its name and share."""
        is_pie, series = self._shape == "饼", len(self._series)
        shown = is_pie or (len(self._categories) * series <= _LABELLED and (self._shape == "柱" or series <= 2))
        at_slice = str(int(is_pie))
        flags = ("0", str(int(shown and not is_pie)), at_slice, "0", at_slice, "0")
        names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
        asked = "".join(f'<c:show{name} val="{flag}"/>' for name, flag in zip(names, flags, strict=True))
        share = '<c:numFmt formatCode="0.0%" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>' if is_pie else ""
        at = f'<c:dLblPos val="{place}"/>' if place and shown else ""
        apart = "<c:separator> </c:separator>" if is_pie else ""
        other = f'<c:dLblPos val="{"t" if place == "b" else "b"}"/>'
        single = "".join(f'<c:dLbl><c:idx val="{n}"/>{other}{asked}</c:dLbl>' for n in turned if shown)
        return f"<c:dLbls>{single}{share}{at}{asked}{apart}</c:dLbls>"

    def text(self) -> str:
        """The face and size of every text of the chart."""
        faces = self._profile.faces
        face = f"<a:latin typeface={quoteattr(faces.latin)}/><a:ea typeface={quoteattr(faces.body)}/>"
        ink = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
        size = round(self._profile.chart.size_pt * 100)
        look = f'<a:pPr><a:defRPr sz="{size}">{ink}{face}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/>'
        return f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p>{look}</a:p></c:txPr>"


_EDGE = '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln>'


def _texts(formula: str, texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts))
    return f'<c:strRef><c:f>{formula}</c:f><c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache></c:strRef>'


def _numbers(formula: str, series: Series) -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(series.values) if value is not None
    )
    count = f'<c:formatCode>{escape(series.format)}</c:formatCode><c:ptCount val="{len(series.values)}"/>'
    return f"<c:numRef><c:f>{formula}</c:f><c:numCache>{count}{points}</c:numCache></c:numRef>"
