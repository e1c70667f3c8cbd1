"""What a briefing is written from: one release's readings, and the figures that may be said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import duckdb

from reporting import readings
from reporting.figures import Figure, Registry, day, quoted, stem
from reporting.readings import LEVELS_MART, Driver, Feed, Region
from reporting.wording import DIMENSION_FEEDS, DIMENSION_ZH, LEVEL_ZH, REGION_LEVEL_ZH

DRIVER_SHAPE = (
    '[{"dimension":"VARCHAR","rule_id":"VARCHAR","subject":"VARCHAR","observed_value":"DOUBLE",'
    '"threshold_value":"DOUBLE","text_zh":"VARCHAR"}]'
)
LEVEL_FEEDS = tuple(dict.fromkeys(feed for feeds in DIMENSION_FEEDS.values() for feed in feeds))
HOUSEHOLD_FEEDS = ("household_register", "national_monitored_export")
REGIONAL_CLAUSE = "§2(3)"  # risks of a region, of which the level is the sum
LEADS = "intermediate.int_lead__household_leads"
OPEN_LEADS = "not is_baseline and as_of_date = {day}"


@dataclass
class Material:
    """The readings of one release, and every figure said about it (each is computed by its own query)."""

    con: duckdb.DuckDBPyConnection
    release: dict[str, Any]
    notices: list[dict[str, Any]]
    registry: Registry = field(init=False)

    def __post_init__(self) -> None:
        self.registry = Registry(self.con, self.as_of)

    @cached_property
    def as_of(self) -> date:
        return date.fromisoformat(str(self.release["as_of_date"])[:10])

    @cached_property
    def known_at(self) -> datetime:
        """UTC; a time without an offset in the manifest is read as UTC."""
        known = datetime.fromisoformat(str(self.release["known_at"]))
        return known if known.tzinfo else known.replace(tzinfo=UTC)

    @cached_property
    def regions(self) -> list[Region]:
        return readings.regions(self.con, self.as_of)

    @cached_property
    def raised(self) -> list[Region]:
        return [region for region in self.regions if region.is_raised]

    @cached_property
    def feeds(self) -> list[Feed]:
        return readings.feeds(self.con, self.regions)

    @cached_property
    def rules(self) -> dict[str, dict[str, Any]]:
        return readings.rules(self.con)

    @cached_property
    def thresholds(self) -> dict[str, dict[str, Any]]:
        return readings.thresholds(self.con, self.as_of)

    @cached_property
    def caution_texts(self) -> dict[str, str]:
        return readings.caution_texts(self.con)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {region.region_code: region.region_name for region in self.regions}

    def full_name(self, region: Region) -> str:
        """A township with its county's name before it."""
        county = self._names.get(f"{region.region_code[:6]}000000", "")
        return f"{county}{region.region_name}" if region.region_level == "township" else region.region_name

    @cached_property
    def grain(self) -> str:
        """The finest region level with a raised region: counts over it never count a household twice."""
        present = {region.region_level for region in self.raised}
        return next((level for level in ("township", "county") if level in present), "prefecture")

    @property
    def _day(self) -> str:
        return day(self.as_of)

    def counted(self, level: str, region_level: str) -> Figure:
        """How many regions of a kind stand at a level."""
        where = f"as_of_date = {self._day} and level = {quoted(level)} and region_level = {quoted(region_level)}"
        return self.registry.add(
            f"regions|{level}|{region_level}",
            f"{LEVEL_ZH[level]}的{REGION_LEVEL_ZH[region_level]}数",
            "个",
            f"select count(*) from {LEVELS_MART} where {where}",
            rows_sql=f"select region_code, level from {LEVELS_MART} where {where} order by region_code",
            rule_id="R25",
            clause=REGIONAL_CLAUSE,
            feeds=LEVEL_FEEDS,
        )

    def total(self, column: str, label_zh: str) -> Figure:
        """A count summed over the raised regions of the finest grain."""
        where = (
            f"as_of_date = {self._day} and region_level = {quoted(self.grain)} "
            "and level in ('blue', 'yellow', 'orange', 'red') and not is_withheld"
        )
        return self.registry.add(
            f"raised|{column}|{self.grain}",
            label_zh,
            "户",
            f"select cast(sum({column}) as bigint) from {LEVELS_MART} where {where}",
            rows_sql=f"select region_code, level, {column} from {LEVELS_MART} where {where} order by region_code",
            rule_id="R25",
            clause=REGIONAL_CLAUSE,
            feeds=LEVEL_FEEDS,
        )

    def of_region(self, region: Region, column: str, label_zh: str, unit: str = "户") -> Figure:
        """One cell of a region's row of the day."""
        where = f"region_code = {quoted(region.region_code)} and as_of_date = {self._day}"
        return self.registry.add(
            f"{column}|{region.region_code}",
            f"{self.full_name(region)}：{label_zh}",
            unit,
            f"select {column} from {LEVELS_MART} where {where}",
            rule_id="R25",
            clause=REGIONAL_CLAUSE,
            feeds=LEVEL_FEEDS,
            region_code=region.region_code,
        )

    def of_driver(self, region: Region, driver: Driver, column: str, unit: str) -> Figure:
        """The observed value, or the sentence, of one reason of a region's level."""
        row = f"region_code = {quoted(region.region_code)} and as_of_date = {self._day}"
        which = " and ".join(
            f"coalesce(driver.{name}, '') = {quoted(getattr(driver, name))}"
            for name in ("dimension", "rule_id", "subject")
        )
        rule = self.rules.get(driver.rule_id, {})
        return self.registry.add(
            f"driver|{region.region_code}|{driver.dimension}|{driver.rule_id}|{driver.subject}|{column}",
            f"{self.full_name(region)}：{rule.get('name_zh') or DIMENSION_ZH.get(driver.dimension, driver.rule_id)}",
            unit,
            f"select max(driver.{column}) from "
            f"(select unnest(from_json(top_drivers, {quoted(DRIVER_SHAPE)})) as driver "
            f"from {LEVELS_MART} where {row}) where {which}",
            rows_sql=f"select * from intermediate.{rule['model_name']} where {row}" if rule else self.hardship(region),
            rule_id=driver.rule_id or None,
            clause=rule.get("clause", REGIONAL_CLAUSE),
            threshold_id=driver.threshold_id,
            feeds=DIMENSION_FEEDS.get(driver.dimension, LEVEL_FEEDS),
            region_code=region.region_code,
        )

    def threshold(self, threshold_id: str) -> Figure:
        """A threshold in force on the day, as the policy seed has it."""
        row = self.thresholds[threshold_id]
        return self.registry.add(
            f"threshold|{threshold_id}",
            f"阈值 {threshold_id}",
            str(row["unit"]),
            f"select value from policy.thresholds where threshold_id = {quoted(threshold_id)} "
            f"and {self._day} between in_force_from and coalesce(in_force_to, date '9999-12-31') "
            f"and known_from <= {self._day} order by known_from desc limit 1",
            rule_id=row["rule_id"],
            clause=row["clause"],
            threshold_id=threshold_id,
        )

    def of_feeds(self, name: str, feeds: Sequence[Feed], expression: str, label_zh: str) -> Figure:
        """A count over the loads of these feeds, which the page calls `name`, that the run could use."""
        listed = ", ".join(quoted(feed.feed) for feed in feeds)
        return self.registry.add(
            f"feed|{name}|{expression}",
            f"{name}：{label_zh}",
            "",
            f"select cast(coalesce({expression}, 0) as bigint) from landing.loads where feed in ({listed}) "
            "and not is_withheld and known_at <= (select max(known_at) from landing.run_clock)",
            feeds=tuple(feed.feed for feed in feeds),
        )

    def hardship(self, region: Region) -> str:
        """The households newly in hardship in a region until the day, newest first, by keys alone."""
        below = quoted(f"{stem(region.region_code)}%")
        return (
            "select household_key, hardship_date, source, township_code from intermediate.int_household__new_hardship "
            f"where township_code like {below} order by hardship_date desc, household_key"
        )

    def leads(self, expression: str, label_zh: str, unit: str) -> Figure:
        """A count over all open leads of the day."""
        where = OPEN_LEADS.format(day=self._day)
        return self.registry.add(
            f"leads|{expression}",
            label_zh,
            unit,
            f"select {expression} from {LEADS} where {where}",
            rows_sql=f"select lead_id, household_key, rule_id, lead_date from {LEADS} where {where} order by lead_id",
            clause="§3(1)",
            feeds=(*HOUSEHOLD_FEEDS, "medical_insurance"),
        )

    def free(self, key: str, label_zh: str, unit: str, sql: str, **more: Any) -> Figure:
        """A figure with a query of its own."""
        return self.registry.add(key, label_zh, unit, sql, **more)
