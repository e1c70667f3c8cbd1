"""Carries what a reader said of single rows (a cached formula, a formula error) into the judgement of the batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.loads import Slice
from ingest.normalise import Batch, Mask, Normalised
from ingest.readers import Parsed


def mark_rows(batch: Batch, normalised: Normalised, files: Sequence[Parsed], parts: Sequence[Slice]) -> None:
    """Adds the files' row cautions and row refusals to the batch's, by row number within each file."""
    cautions: dict[str, Mask] = {}
    refusals: dict[str, Mask] = {}
    for parsed, part in zip(files, parts, strict=True):
        if not parsed.row_cautions and not parsed.row_refusals:
            continue
        numbers = np.asarray(parsed.rows["row_number"])
        for told, masks in ((parsed.row_cautions, cautions), (parsed.row_refusals, refusals)):
            for code, rows in told.items():
                mask = masks.setdefault(code, np.zeros(len(batch.raw), dtype=bool))
                mask[part.start : part.stop] |= np.isin(numbers, rows)
    normalised.cautions += list(cautions.items())
    # First in the list, so that an error in a cell is told as that and not as a blank.
    split = ((code.partition(":"), mask) for code, mask in refusals.items())
    normalised.reasons[:0] = [(code, column, mask) for (code, _, column), mask in split]
