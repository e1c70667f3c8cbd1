"""Tells one county's story and writes its files; what the prefecture needs of it comes back, nothing else stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulation.columns import Columns
from simulation.county_files import Gathered, joined_audits
from simulation.defects import Defect
from simulation.department_files import CountyWriter
from simulation.disasters import Disaster
from simulation.fund_files import Purse
from simulation.inbox import Inbox
from simulation.office_files import known_clues
from simulation.scene import set_scene
from simulation.sites import SiteMonth
from simulation.story import World, tell
from simulation.truth import crossing_truth, household_truth, turn_truth, vulnerable_truth


@dataclass(frozen=True)
class CountyTold:
    """What is left of a county when its files are written."""

    totals: dict[str, int]
    households: Columns
    turns: Columns
    crossings: Columns
    vulnerable: Columns
    audits: Columns
    defects: list[Defect]
    site_months: dict[int, list[SiteMonth]]
    purse: Purse
    clues: list[tuple[int, int, str]]
    gathered: Gathered


def write_county(
    world: World, code: str, disasters: Sequence[Disaster], inbox: Inbox, progress: Callable[[float], None]
) -> CountyTold:
    """Writes the county's files into the inbox."""
    story = tell(world, code)
    scene = set_scene(world, story, disasters)
    site_months: dict[int, list[SiteMonth]] = {}
    offices = CountyWriter(scene, inbox, site_months).write(progress)
    households, suffering = household_truth(world, story, scene.lives, scene.cases)
    totals = {
        "households": story.county.households,
        "persons": story.county.persons,
        "in_hardship": suffering,
        "struck_reported": sum(len(i.reported) for i in story.impacts),
    }
    clues = known_clues(story, scene.cases, world.counties.index(code))
    defects = [*scene.defects, *offices.found]
    audits = joined_audits(offices.audits)
    return CountyTold(
        totals,
        households,
        turn_truth(story, scene.lives),
        crossing_truth(story),
        vulnerable_truth(story, world.months),
        audits,
        defects,
        site_months,
        scene.purse,
        clues,
        offices.gathered,
    )
