"""The national system's export of monitored households: one row a person, the household's facts repeated."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation.columns import Columns, constant, picked, taken, whole, yes_no
from simulation.draws import Floats, Ints
from simulation.lives import Lives
from simulation.monitoring import NEVER, RISKS, TYPES
from simulation.months import compact, first_day_number, number_of
from simulation.people import LABOUR_SKILLS, RELATIONS, STUDENT
from simulation.register_files import guarantee_gaps
from simulation.story import Story

TITLE = "（自定义）监测对象信息表"
# Some months' exports went through Excel as numbers: 202104 is then read as 202104.0.
NUMBER_MONTHS = frozenset({4, 9})


def _months(values: Ints) -> Ints:
    return np.asarray(values // 12 * 100 + values % 12 + 1, dtype=np.int64)


def _identified(values: Ints, month: int) -> pa.Array:
    if number_of(month) in NUMBER_MONTHS:
        return pa.array(_months(values).astype(np.float64))
    return whole(_months(values))


def _amount(values: Floats) -> pa.Array:
    """Numbers, as the system exports them; zero is an empty cell."""
    return pa.array(np.round(values, 2), mask=values == 0)


def _helps(risk: Ints, wanted: tuple[int, ...], text: str) -> pa.Array:
    return picked(("", text), np.isin(risk, wanted).astype(np.int64))


def monitored_columns(seed: int, story: Story, lives: Lives, month: int, self_pay: Floats) -> Columns:
    """The export at the end of that month. self_pay: yuan of each household over the last year's list."""
    county, monitored = story.county, story.monitored
    rows = story.listed_by(month)
    rows = rows[np.argsort(monitored.household[rows], kind="stable")]
    household = monitored.household[rows]
    register = lives.register(first_day_number(month + 1) - 1)
    registered = register.rows_of(household)
    incomes = register.incomes(story.statement(story.statements.in_force(month))).at(registered)
    members = np.flatnonzero(np.isin(register.row, registered))
    person = register.person[members]
    # From person to its household's row here; both stand in the order of the households.
    back = np.searchsorted(registered, register.row[members])
    size = register.size[registered]
    types, villages = story.types_in(month), story.villages_in(month)
    risk = monitored.risk[rows][back]
    home = household[back]
    gone = ((monitored.eliminated[rows] != NEVER) & (monitored.eliminated[rows] <= month))[back]
    gaps, grade = guarantee_gaps(seed, county)
    business = incomes.grain + incomes.fruit + incomes.hog + incomes.other
    able = np.bincount(back[county.labour[person] <= 2], minlength=len(rows))
    fresh = monitored.identified[rows][back] == month

    def of_household(values: Floats) -> pa.Array:
        return _amount(values[back])

    return {
        "户编号": taken(county.number, home),
        "证件号码": taken(county.id_number, person),
        "姓名": taken(county.name, person),
        "与户主关系": picked(RELATIONS, register.relation[members]),
        "村编码": whole(villages[home]),
        "户类型": yes_no(county.is_lifted_out[home], "脱贫户", "一般农户"),
        "监测对象类别": picked(TYPES, types[rows][back]),
        "在校生状况": picked(STUDENT, county.student[person]),
        "劳动技能": picked(LABOUR_SKILLS, county.labour[person]),
        "是否参加大病保险": constant("是", len(person)),
        "享受低保政策情况": yes_no(county.is_dibao[home], "农村低保", ""),
        "享受特困供养政策情况": yes_no(county.is_tekun[home], "分散供养", ""),
        "整户无劳动能力兜底保障户": yes_no(able[back] == 0, "是", ""),
        "致贫/返贫风险1": picked(RISKS, risk),
        **{f"致贫/返贫风险{i}": constant("", len(person)) for i in range(2, 6)},
        "因自然灾害子项": constant("", len(person)),
        "工资性收入": of_household(incomes.wage),
        "生产经营性收入": of_household(business),
        "生产经营性支出": of_household(incomes.cost),
        "财产性收入": of_household(incomes.owned),
        "转移性收入": of_household(incomes.transfer),
        "家庭理赔收入": of_household(incomes.claims),
        "合规自付支出": of_household(self_pay[household]),
        "人均纯收入（元）": of_household(incomes.net / size),
        "饮水安全保障": yes_no(gaps["water"][home] == 0),
        "住房安全保障": yes_no(grade[home] <= 1),
        "义务教育保障": yes_no(gaps["education"][home] == 0),
        "基本医疗保障": yes_no(gaps["medical"][home] == 0),
        "健康帮扶": _helps(risk, (0, 1), "家庭医生签约服务"),
        "教育帮扶": _helps(risk, (4,), "助学补助"),
        "就业帮扶": _helps(risk, (2,), "务工技能培训"),
        "社会帮扶": _helps(risk, (3, 5), "社会捐助"),
        "实施开发式帮扶措施情况": picked(("已实施", "尚未实施"), fresh.astype(np.int64)),
        "识别监测时间": _identified(monitored.identified[rows][back], month),
        "消除监测时间": pa.array(
            [compact(int(e)) if g else "" for e, g in zip(monitored.eliminated[rows][back], gone, strict=True)],
            type=pa.string(),
        ),
        "风险是否已消除": yes_no(gone, "是", ""),
        "风险消除方式": picked(("", "帮扶消除", "自然消除"), np.where(gone, np.where(risk == 0, 2, 1), 0)),
    }
