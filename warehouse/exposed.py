"""Whom a warning or a duty report puts at risk, within minutes and without a run.

Reads the warehouse of the current release: the households' newest state, already asked which of them each hazard would
touch this month and next (`int_shock__touchable_households`), and whom to call about them (`int_shock__contacts`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import BEIJING
from ledger.tables import Prompt

# The wording of a hazard without the colour and the word for warning: macros/warning_words.sql.
HAZARD = r"""
    select typed.hazard_code, typed.name_zh
    from policy.hazard_aliases as aliases
    inner join policy.hazard_types as typed on aliases.hazard_code = typed.hazard_code
    where aliases.alias_text = regexp_replace(lower(trim(?)), '(红色|橙色|黄色|蓝色)?(预警)?(信号)?$', '')
"""
TOWNSHIPS = """
    select townships.region_code, townships.region_name
    from intermediate.int_region__ancestors as above
    inner join intermediate.int_region__current as townships on above.region_code = townships.region_code
    where townships.region_level = 'township' and above.ancestor_code = ?
    union
    select region_code, region_name from intermediate.int_region__current
    where region_level = 'township' and region_code = ?
    order by region_code
"""
STATE = "select max(as_of_date) from intermediate.int_household__judged_months"
PARAMETER = """
    select max(value) from intermediate.int_policy__thresholds_in_force
    where parameter = ? and ? between valid_from_date and valid_to_date
"""
VILLAGES = """
    with present as (
        select township_code, village_code, count(*) filter (where is_vulnerable) as vulnerable_count
        from marts.fct_household_risk_monthly
        where as_of_date = $as_of and list_contains($townships, township_code)
        group by all
    ),

    touched as (
        select
            township_code, village_code,
            count(*) filter (where is_exposed) as exposed_count,
            count(*) filter (where is_exposed is null) as unknown_count,
            count(*) filter (where is_dwelling_weak) as weak_dwelling_count
        from intermediate.int_shock__touchable_households
        where hazard_code = $hazard and hazard_month = $month and list_contains($townships, township_code)
        group by all
    )

    select
        present.township_code, townships.region_name as township_name,
        present.village_code, villages.region_name as village_name, present.vulnerable_count,
        coalesce(touched.exposed_count, 0) as exposed_count, coalesce(touched.unknown_count, 0) as unknown_count,
        coalesce(touched.weak_dwelling_count, 0) as weak_dwelling_count
    from present
    left join touched
        on
            present.township_code = touched.township_code
            and present.village_code is not distinct from touched.village_code
    left join intermediate.int_region__current as townships on present.township_code = townships.region_code
    left join intermediate.int_region__current as villages on present.village_code = villages.region_code
    order by exposed_count desc, present.township_code, present.village_code
"""
HOUSEHOLDS = """
    with groups as (
        select household_key, arg_max(villager_group, edition_date) as villager_group
        from marts.dim_household
        group by household_key
    ),

    touched as (
        select * from intermediate.int_shock__touchable_households
        where hazard_code = $hazard and hazard_month = $month and list_contains($townships, township_code)
    )

    select
        touched.*, households.is_lifted_out, households.is_monitored, households.monitored_type,
        townships.region_name as township_name, villages.region_name as village_name, groups.villager_group,
        contacts.grid_code, contacts.helper_person_key, contacts.keeper_person_key
    from touched
    inner join marts.fct_household_risk_monthly as households
        on touched.household_key = households.household_key and touched.as_of_date = households.as_of_date
    left join intermediate.int_shock__contacts as contacts on touched.household_key = contacts.household_key
    left join groups on touched.household_key = groups.household_key
    left join intermediate.int_region__current as townships on touched.township_code = townships.region_code
    left join intermediate.int_region__current as villages on touched.village_code = villages.region_code
    order by
        touched.township_code, touched.village_code, touched.is_dwelling_weak desc, touched.is_exposed desc nulls last,
        touched.touched_cny / nullif(touched.net_income_cny, 0) desc nulls last, touched.household_key
"""


@dataclass(frozen=True)
class Exposed:
    """What a prompt means for households. why_not: why nobody can be listed, in words; None where the lists stand.

    withheld: townships struck (code, name) whose worklist the gates hold back: they are told by name, without lists.
    touched_share: of net income, from which a household counts as exposed; is_beyond_vulnerable: all registered
    households are listed, not V alone. Both as the policy's parameters had them when the state was made.
    """

    hazard_zh: str | None
    day: date
    state_date: date | None
    townships: list[tuple[str, str]]
    withheld: list[tuple[str, str]]
    villages: list[dict[str, Any]]
    households: list[dict[str, Any]]
    why_not: str | None
    touched_share: Decimal | None
    is_beyond_vulnerable: bool


def exposed(warehouse: Path, prompt: Prompt, withheld: Collection[str] = ()) -> Exposed:
    """The households that a kept prompt would touch, by village and one by one, with the keys of whom to call.

    withheld: township codes whose worklist did not pass its gate in this release.
    """
    day = prompt.issued_at.replace(tzinfo=UTC).astimezone(BEIJING).date()
    code = prompt.region_code.ljust(12, "0")
    with duckdb.connect(str(warehouse), read_only=True) as con:
        hazard = con.execute(HAZARD, [prompt.hazard_text]).fetchone()
        struck = con.execute(TOWNSHIPS, [code, code[:9] + "000"]).fetchall()
        state = (con.execute(STATE).fetchone() or (None,))[0]
        share, beyond = (
            (con.execute(PARAMETER, [name, state]).fetchone() or (None,))[0]
            for name in ("touched_income_share", "impact_beyond_vulnerable")
        )
        held = [town for town in struck if town[0] in withheld]
        kept = [town[0] for town in struck if town not in held]
        why_not = _why_not(prompt, hazard is not None, kept, held, day, state)
        villages, households = [], []
        if hazard is not None and why_not is None:
            asked = {"hazard": hazard[0], "month": day.replace(day=1), "townships": kept}
            villages = _dicts(con.execute(VILLAGES, {**asked, "as_of": state}))
            households = _dicts(con.execute(HOUSEHOLDS, asked))
    hazard_zh = hazard[1] if hazard else None
    return Exposed(
        hazard_zh, day, state, struck, held, villages, households, why_not, share, bool(beyond and beyond >= 1)
    )


def _why_not(
    prompt: Prompt, is_known_hazard: bool, kept: list[str], held: list[tuple[str, str]], day: date, state: date | None
) -> str | None:
    if not is_known_hazard:
        return f"灾害类型“{prompt.hazard_text}”不在类型表（hazard_aliases）中，不能判断涉及哪些农户"
    if not kept and not held:
        return f"地区代码{prompt.region_code}不在行政区划表中，不能确定涉及的乡镇"
    if not kept:
        return "涉及乡镇的核查清单均未通过质量闸门（暂缓发布），不能列出农户"
    if state is None:
        return "当前发布中没有户况数据"
    months_ahead = 12 * (day.year - state.year) + day.month - state.month
    if months_ahead not in (0, 1):
        return f"当前发布的户况截至{state}，不能用于{day:%Y年%m月}的灾害；请先完成新的运行和发布"
    return None


def _dicts(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
