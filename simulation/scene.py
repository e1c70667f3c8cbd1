"""Everything that one county's files are written from: its story, and what the offices know and do besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.application_files import (
    Applications,
    Comparisons,
    Visits,
    applications,
    comparisons,
    form_defects,
    visits,
)
from simulation.assistance import Help, arrange
from simulation.cadres import Cadres, appoint
from simulation.care_files import Care, care_of
from simulation.cases import Cases, Steps, defects_of, open_cases, steps_of
from simulation.defects import Defect
from simulation.disasters import Disaster
from simulation.draws import Ints
from simulation.dwelling_files import Dwellings, dwellings
from simulation.employment_files import Jobs, jobs_of
from simulation.fund_files import Purse, purse_of
from simulation.grids import Grids, divide, vacancies
from simulation.lives import Lives, live, settled_households
from simulation.losses import Losses, losses_of
from simulation.market_files import Business, businesses
from simulation.measure_files import Measures, take_measures
from simulation.months import day_of, month_of
from simulation.operators import Industry, carry
from simulation.person_event_files import Loans, PersonEvents, loans_of, person_events
from simulation.register_details import Habits, habits
from simulation.review_files import Mismatches, mismatches
from simulation.school_files import School, schools
from simulation.story import Story, World


@dataclass(frozen=True)
class Scene:
    """One county. defects: what was planted; files only add what they find month by month."""

    world: World
    story: Story
    jobs: Jobs
    habits: Habits
    lives: Lives
    cadres: Cadres
    grids: Grids
    cases: Cases
    steps: Steps
    applications: Applications
    comparisons: Comparisons
    visits: Visits
    help: Help
    measures: Measures
    industry: Industry
    shops: Business
    purse: Purse
    losses: Losses
    care: Care
    school: School
    dwellings: Dwellings
    events: PersonEvents
    loans: Loans
    platform: Mismatches
    defects: list[Defect]


def set_scene(world: World, story: Story, disasters: Sequence[Disaster]) -> Scene:
    """The county's scene; each part draws from a generator of its own."""
    county = story.county
    drawn = live(world, story)
    lives = drawn.with_turns(story.turns)
    jobs = jobs_of(world.seed, story)
    at_work = habits(world.seed, story, jobs)
    cadres = appoint(world.seed, county, world.counties.index(county.code))
    grids = divide(world, county, cadres)
    stays = np.ones(county.households, dtype=bool)
    stays[county.home[lives.gone < 10**6]] = False
    stays[np.concatenate([county.home[lives.split_person], lives.merge_from, lives.merge_into])] = False
    cases = open_cases(world, story, np.flatnonzero(settled_households(world, story) & stays))
    help_, help_defects = arrange(world, story, cadres)
    industry = carry(world, county)
    losses = losses_of(world, story, disasters)
    platform, platform_defects = mismatches(world, story)
    applied = applications(world, story, cases)
    return Scene(
        world=world,
        story=story,
        jobs=jobs,
        habits=at_work,
        lives=lives,
        cadres=cadres,
        grids=grids,
        cases=cases,
        steps=steps_of(world, story, cases),
        applications=applied,
        comparisons=comparisons(world, story, cases),
        visits=visits(world, story, cases, cadres),
        help=help_,
        measures=take_measures(world, story),
        industry=industry,
        shops=businesses(world, story, at_work),
        purse=purse_of(county.code, county.townships),
        losses=losses,
        care=care_of(world, story, _struck(losses)),
        school=schools(world, story),
        dwellings=dwellings(world, story),
        events=person_events(world, story, lives, drawn),
        loans=loans_of(world, story),
        platform=platform,
        defects=[
            *defects_of(story, cases),
            *form_defects(story, cases, applied),
            *help_defects,
            *platform_defects,
            *vacancies(grids),
        ],
    )


def _struck(losses: Losses) -> tuple[Ints, Ints]:
    """Households that a disaster cost more than a little, and the month."""
    rows = np.flatnonzero(losses.loss > 1_000)
    months = [month_of(day_of(int(d))) for d in losses.day[rows]]
    return losses.household[rows], np.array(months, dtype=np.int64)
