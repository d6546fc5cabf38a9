"""What titles and lines above a table say of it: its title, unit, organisation and period, and what is doubtful in them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from yaoxun.forms.layout.info import asks_organisation, doubtful_line, names_period, organisation_of_line
from yaoxun.forms.layout.labels import info_pairs
from yaoxun.forms.layout.model import Question
from yaoxun.forms.layout.places import Line, Place
from yaoxun.forms.layout.words import find_period, split_unit, tidy, unit_of_line


@dataclass
class Above:
    """What the lines above the next table say."""

    titles: list[Place] = field(default_factory=list)
    info: list[Line] = field(default_factory=list)


class Captions:
    """What titles and lines say of the table below them."""

    def __init__(self, context: Above, known: Collection[str]) -> None:
        self.known = known
        doubtful = [place for place in context.titles if doubtful_line(place.text)]
        titles = [place for place in context.titles if place not in doubtful]
        self.title = tidy(titles[-1].text) if titles else ""
        self.unit = self.organisation = self.period = ""
        self.doubts: list[Question] = []
        for place in doubtful:
            sentence = f"“{place.text.strip()}”像是写着填报单位，标签和名称都不认识；是的请把标签改成“填报单位：”，或把这家单位写进 organisations.yaml。"
            self.doubts.append(Question(address=place.address, sentence=sentence))
        for line in context.info:
            self._pairs(line)
            for place in line:
                self._cell(place)
        for place in reversed(context.titles):
            self._period(place)
            self.unit = self.unit or unit_of_line(place.text) or split_unit(place.text)[1]

    def _pairs(self, line: Line) -> None:
        for label, value in info_pairs(line):
            if asks_organisation(label.text):
                self.organisation = self.organisation or tidy(value.text)
            if names_period(label.text, value.text):
                self._period(value)

    def _cell(self, place: Place) -> None:
        self.unit = self.unit or unit_of_line(place.text)
        self.organisation = self.organisation or organisation_of_line(place.text, self.known)
        self._period(place)

    def _period(self, place: Place) -> None:
        if self.period:
            return
        found = find_period(place.text)
        self.period = found.label
        if found.doubt and not any("报告期" in doubt.sentence for doubt in self.doubts):
            self.doubts.append(Question(address=place.address, sentence=f"{found.doubt}。"))
