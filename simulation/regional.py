"""Writes the feeds that speak of regions and not of households, and the truth about what struck where."""

from __future__ import annotations

import csv
from pathlib import Path

from simulation.disasters import Disaster, disasters
from simulation.far_files import write_far_away
from simulation.hazard_files import write_hazards
from simulation.inbox import Inbox
from simulation.labour_files import write_labour
from simulation.loss_files import losses, write_losses
from simulation.months import at, first_day
from simulation.story import World
from simulation.weather_files import write_weather
from simulation.world_price_files import write_world_prices


def write_regional(world: World, inbox: Inbox, truth: Path) -> None:
    """Every regional and hazard feed into the inbox, and disasters.csv into the folder of truth."""
    struck = disasters(world)
    write_losses(world, inbox, struck)
    write_hazards(world, inbox, struck)
    write_weather(world, inbox, struck, at(first_day(world.first_month), 9.0))
    write_far_away(world, inbox)
    write_world_prices(world, inbox)
    write_labour(world, inbox)
    _write_truth(world, struck, truth / "disasters.csv")


def _write_truth(world: World, struck: list[Disaster], path: Path) -> None:
    """One row a disaster and township, with the households that were hit."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(
            ("event_code", "hazard_text", "township", "occurred_at", "severity", "affected_households", "is_shock")
        )
        for disaster in struck:
            for township, loss in zip(disaster.townships, losses(world, disaster), strict=True):
                writer.writerow(
                    (
                        disaster.event_code,
                        disaster.hazard_text,
                        township.ljust(12, "0"),
                        disaster.occurred_at.isoformat(),
                        round(disaster.severity, 4),
                        loss.households,
                        str(disaster.is_shock).lower(),
                    )
                )
