"""How much a foreign file may ask of us; the reasons stand beside the numbers in config/limits.yaml.

Only the setting lives here; each limit is enforced where the thing it bounds is seen.
"""

from pathlib import Path

from pydantic import Field, PositiveInt

from yaoxun.settings import Closed, load_settings


class Limits(Closed):
    """The limits for one file. Sizes in bytes, times in seconds, everything else a count."""

    file_bytes: PositiveInt
    unpacked_bytes: PositiveInt
    ratio: PositiveInt
    members: PositiveInt
    archive_members: PositiveInt
    tags: PositiveInt
    sheets: PositiveInt
    filled_cells: PositiveInt
    max_row: int = Field(gt=0, le=1_048_576)
    max_col: int = Field(gt=0, le=16_384)
    merges: PositiveInt
    merged_area: PositiveInt
    styles: PositiveInt
    cell_chars: PositiveInt
    text_chars: PositiveInt
    memory_bytes: int = Field(ge=50_000_000)
    cpu_seconds: PositiveInt
    wall_seconds: int = Field(gt=0, le=45)
    result_bytes: PositiveInt


def load_limits(config: Path) -> Limits:
    """The limits of an office from its config folder. Raises ConfigError."""
    return load_settings(config / "limits.yaml", Limits)
