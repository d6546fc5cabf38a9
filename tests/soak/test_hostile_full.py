"""The whole hostile set, with the big kinds, 50 truncations and 500 mutants, and what the worst of them cost
(`pytest -s`). The memory of children that died is bounded by the last line.
"""

import time
from pathlib import Path

import pytest

from support.hostile_build import sound
from support.hostile_files import HOSTILE, Toll, build_and_read, read_hostile
from support.hostile_mutants import mutants, truncations
from support.measured_reading import measuring_sandbox, peak_of_all_children
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook, Refusal

MUTANTS, TRUNCATIONS = 500, 50


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_hostile_file_hangs_or_crashes_or_is_refused_for_a_fault_of_ours(tmp_path: Path) -> None:
    limits = load_limits(shipped("config"))
    kinds, cut, chance, path = Toll(), Toll(), Toll(), tmp_path / "报表.xlsx"
    with measuring_sandbox(limits) as sandbox:
        for name in HOSTILE:
            build_and_read(sandbox, tmp_path, name, kinds)
        for name, content in truncations(TRUNCATIONS):
            path.write_bytes(content)
            assert isinstance(read_hostile(sandbox, path, name, cut), Refusal), name
        for name, content in mutants(MUTANTS):
            path.write_bytes(content)
            read_hostile(sandbox, path, name, chance)
        sound(path)
        began = time.monotonic()
        found = sandbox.open(path)
        assert isinstance(found, RawWorkbook) and len(found.sheets[0].cells) == 158
        print(f"\na good file afterwards: {time.monotonic() - began:.3f} s, {sandbox.peak // 1_000_000} MB")
    for title, toll in (("kinds", kinds), ("truncations", cut), ("mutants", chance)):
        print(f"{title}\n{toll.report()}")
    print(f"largest of all children: {peak_of_all_children() // 1_000_000} MB")
    assert kinds.wrong + cut.wrong + chance.wrong == []
    worst = max(toll.seconds[0] for toll in (kinds, cut, chance))
    assert worst < limits.wall_seconds
    assert peak_of_all_children() < limits.memory_bytes + 200_000_000  # the zygote's own share
