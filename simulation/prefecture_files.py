"""The files that come from the prefecture's own offices: funds, society's help, screenings, clues, the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from simulation.columns import Columns
from simulation.counties import CountyTold
from simulation.defects import Defect
from simulation.draws import generator
from simulation.fund_files import balance_columns, social_columns
from simulation.inbox import Inbox
from simulation.months import at, compact, day_of, first_day, monthly_arrival, quarters_within, year_of
from simulation.office_files import (
    connection_columns,
    line_columns,
    media_columns,
    no_responses,
    petition_columns,
    screening_columns,
    weeks,
)
from simulation.story import World

WHOLE = "341300"


# What the prefecture's offices gather from the counties: titles and endings.
GATHERED = {
    "comparison_results": ("资产信息比对结果", "csv"),
    "emergency_losses": ("因灾损失到户清单", "xlsx"),
    "market_supervision": ("市场主体登记变动", "csv"),
    "industry_projects": ("产业项目台账", "xlsx"),
    "enterprises": ("带动经营主体名录", "xlsx"),
    "consultations": ("集中会商记录", "xlsx"),
}


def write_prefecture(world: World, inbox: Inbox, told: Sequence[CountyTold]) -> list[Defect]:
    """All of them, from what the counties left. Gives the defects that they show."""
    purses, clues = [county.purse for county in told], [clue for county in told for clue in county.clues]
    for month in world.months:
        for feed, (title, ending) in GATHERED.items():
            parts = [county.gathered[feed, month] for county in told]
            together = {h: pa.concat_arrays([p[h] for p in parts]) for h in parts[0]}
            _monthly(world, inbox, feed, title, month, together, ending)
        _monthly(world, inbox, "funds", "基金余额", month, balance_columns(purses, month), "csv")
        _monthly(world, inbox, "social_help", "社会帮扶台账", month, social_columns(world, month), "xlsx")
        _monthly(world, inbox, "responses", "处置反馈", month, no_responses(), "xlsx")
    defects: list[Defect] = []
    for month in quarters_within(world.months):
        columns, missed = screening_columns(world, month)
        if inbox.takes(_moment(world, "screening_runs", month)):
            _monthly(world, inbox, "screening_runs", "筛查运行记录", month, columns, "xlsx")
            defects += missed
    start = at(first_day(world.first_month), 15.0)
    name = f"部门联网状态_{WHOLE}_{compact(world.first_month)}.xlsx"
    inbox.write_xlsx("screening_runs", name, connection_columns(world), start)
    for first, last in weeks(world):
        rng = generator(world.seed, "clue_arrival", last)
        moment = at(day_of(last) + timedelta(days=1), float(rng.uniform(9, 17)))
        ending = f"{WHOLE}_{day_of(last):%Y%m%d}"
        inbox.write_csv(
            "petitions_hotline", f"信访热线_{ending}.csv", petition_columns(world, clues, first, last), moment
        )
        inbox.write_xlsx("media_clues", f"媒体舆情_{ending}.xlsx", media_columns(world, first, last), moment)
    for year in range(year_of(world.first_month), year_of(world.last_month) + 1):
        stated = date(year, 6, 24)
        moment = max(start, at(stated + timedelta(days=5), 10.0))
        inbox.write_xlsx("line_dossier", f"监测线资料_{year}.xlsx", line_columns(year, stated), moment)
    return defects


def _moment(world: World, feed: str, month: int) -> datetime:
    return monthly_arrival(generator(world.seed, "office_arrival", WHOLE, feed, month), month)


def _monthly(world: World, inbox: Inbox, feed: str, title: str, month: int, columns: Columns, ending: str) -> None:
    moment = _moment(world, feed, month)
    name = f"{title}_{WHOLE}_{compact(month)}.{ending}"
    if ending == "xlsx":
        inbox.write_xlsx(feed, name, columns, moment)
    else:
        inbox.write_csv(feed, name, columns, moment)
