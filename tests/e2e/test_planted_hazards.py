"""A hazard of each kind, planted into the small world as its office writes it, raises what it should; no other does.

The same files come to a home that has landed the calm hazards of the simulation; the level of each answer is worked out
here once more from the policy's tables (defaults.md, "Hazards"), not read from the seeds.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from simulation.hazard_files import EMERGENCY_HEADERS, EPIDEMIC_HEADERS, FIRE_HEADERS, PEST_HEADERS, POINT_HEADERS
from simulation.loss_files import LOSS_HEADERS
from tests.e2e.conftest import AS_OF, KNOWN_AT, Spine, shouxian

BANDS = tuple(Decimal(bound) for bound in ("0.02", "0.05", "0.10", "0.20"))
LEVELS = ("none", "blue", "yellow", "orange", "red")
MATRIX = {  # a warning or an event alone, by colour and exposed share
    "yellow": ("none", "none", "blue", "blue", "yellow"),
    "orange": ("none", "blue", "blue", "yellow", "orange"),
}
HOUSEHOLDS = 1500


def _band(share: Decimal) -> int:
    return sum(share >= bound for bound in BANDS)


def _workbook(headers: tuple[str, ...], **cells: object) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(headers))
    book.active.append([cells.get(header) for header in headers])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _quake() -> bytes:
    row = {
        "CATA_ID": "CC20211005101500.00",
        "O_TIME": "2021-10-05 10:15:00",
        "SYNC_TIME": "2021-10-05 10:25:00",
        "M": "6.2",
        "EPI_LON": "117.10",
        "EPI_LAT": "33.80",
        "EPI_DEPTH": 10,
        "LOCATION_C": "安徽宿州市埇桥区",
        "EQ_TYPE": "M",
        "IS_DEL": None,
    }
    return f"({json.dumps({'shuju': [row], 'jieguo': 'OK', 'num': 1}, ensure_ascii=False)})".encode()


def _pests(township: str) -> bytes:
    out = io.StringIO()
    row = (township, "玉米", "草地贪夜蛾", "2021-07-06", "90000", "", "", "大发生", "上升")
    csv.writer(out).writerows([PEST_HEADERS, row])
    return out.getvalue().encode("utf-8-sig")


def _fire(village: str, household: str) -> bytes:
    burnt = HOUSEHOLDS // 10
    return _workbook(
        FIRE_HEADERS,
        火灾编号="HZ20211102",
        报告时间="2021-11-02 12:00:00",
        发生时间="2021-11-02 08:00:00",
        村编码=village,
        户编号=household,
        火灾类型="住宅",
        烧毁房屋户数=burnt,
        受灾户数=burnt,
    )


def _files(township: str, village: str, household: str) -> dict[str, tuple[str, bytes]]:
    """By file its day of arrival and its content."""
    county = township[:6]
    epidemic = _workbook(
        EPIDEMIC_HEADERS,
        事件编号="YQ1",
        地区代码=township,
        通告时间="2021-11-20 09:00:00",
        疾病名称="新冠肺炎",
        管控级别="封控",
        管控开始="2021-11-20",
    )
    emergency = _workbook(
        EMERGENCY_HEADERS,
        事件编号="TF1",
        报告时间="2021-10-20 09:00:00",
        事件类别="事故灾难",
        事件级别="较大",
        发生地点="镇上",
        地区代码=township,
        发生时间="2021-10-20 08:00:00",
        停业单位数=3,
    )
    point = _workbook(
        POINT_HEADERS,
        统计月份="2021-09",
        隐患点编号="DZ999",
        村编码=village,
        灾害类型="采煤塌陷",
        风险等级="高",
        威胁户数=HOUSEHOLDS // 20 + 1,
        威胁人数=250,
        状态="发生险情",
        险情日期="2021-09-28",
    )
    loss = _workbook(
        LOSS_HEADERS,
        灾情编号="ZQ1",
        乡镇代码=township,
        报告阶段="续报",
        上报时间="2021-12-10 12:00:00",
        灾害种类="暴雨",
        发生时间="2021-12-09 15:00:00",
        受灾户数=HOUSEHOLDS // 4,
        受灾人口=1300,
    )
    return {
        "earthquakes/cenc_20211005T023000Z.json": ("2021-10-05", _quake()),
        f"geological_points/地质灾害隐患点_{county}_202109.xlsx": ("2021-10-08", point),
        f"crop_pests/农作物病虫情报_{county}_20210706.csv": ("2021-07-08", _pests(township)),
        f"fires/火灾事故报告_{county}_20211102.xlsx": ("2021-11-02", _fire(village, household)),
        f"epidemic/疫情防控通告_{county}_20211120.xlsx": ("2021-11-20", epidemic),
        f"public_emergencies/突发公共事件_{county}_20211020.xlsx": ("2021-10-20", emergency),
        f"loss_reports/自然灾害损失情况统计_{county}_20211210.xlsx": ("2021-12-10", loss),
    }


@dataclass(frozen=True)
class Planted:
    """The township struck, and the databases of the run without and with it."""

    township: str
    calm: duckdb.DuckDBPyConnection
    struck: duckdb.DuckDBPyConnection


def _newest_run(home: Path, other_than: str = "") -> Path:
    return next(f for f in (home / "runs").iterdir() if f.name != other_than) / "warehouse.duckdb"


@pytest.fixture(scope="module")
def planted(spine: Spine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A copy of the small world's home, with one event of each kind landed at its time and run again."""
    folder = tmp_path_factory.mktemp("planted")
    home = folder / "home"
    shutil.copytree(spine.home, home, symlinks=True)
    calm = duckdb.connect(str(_newest_run(spine.home)), read_only=True)
    village, household = _somebody(calm, spine.world.inbox)
    township = f"{village[:9]}000"
    lines = [("file", "received_at")]
    for name, (day, content) in _files(township, village, household).items():
        path = folder / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        lines.append((name, f"{day}T20:00:00+08:00"))
    with (folder / "inbox" / "arrivals.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(lines)
    landed = shouxian(home, "land", "--inbox", folder / "inbox")
    assert landed.code == 0, landed.err + landed.out
    ran = shouxian(home, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert ran.code == 0, ran.err
    struck = duckdb.connect(str(home / "runs" / ran.out.strip().splitlines()[-1] / "warehouse.duckdb"), read_only=True)
    yield Planted(township, calm, struck)
    calm.close()
    struck.close()
    shutil.rmtree(folder, ignore_errors=True)


def _somebody(calm: duckdb.DuckDBPyConnection, inbox: Path) -> tuple[str, str]:
    """A village and a household of it in a township where enough live from maize, as the register's file has them."""
    row = calm.sql(
        "select township_code from intermediate.int_household__monthly "
        "where is_vulnerable and as_of_date = '2021-06-30' group by 1 order by avg(inc_grain_gross_cny) desc limit 1"
    ).fetchone()
    assert row is not None
    path = next(p for p in sorted((inbox / "household_register").iterdir()) if f"户_{row[0][:6]}" in p.name)
    with path.open(
        encoding="utf-8-sig" if path.read_bytes()[:3] == b"\xef\xbb\xbf" else "gb18030", newline=""
    ) as lines:
        table = list(csv.reader(lines))
    top = next(n for n, line in enumerate(table) if "户编号" in line)
    at = {head: table[top].index(head) for head in ("户编号", "村编码")}
    line = next(line for line in table[top + 1 :] if line[at["村编码"]].startswith(row[0][:9]))
    return line[at["村编码"]], line[at["户编号"]]


def _answer(planted: Planted, rule: str, day: str) -> tuple[str, str, Decimal, str]:
    found = planted.struck.execute(
        f"select subject, raw_level, observed_value, evidence from intermediate.int_rule__{rule.lower()} "
        "where region_code = ? and as_of_date = ?",
        [planted.township, day],
    ).fetchone()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "day", "subject", "colour"),
    [
        ("R14", "2021-10-06", "earthquake", "orange"),
        ("R16", "2021-07-10", "grain_pest", "orange"),
        ("R18", "2021-11-21", "epidemic", "orange"),
        ("R18", "2021-10-21", "public_emergency", "yellow"),
    ],
)
def test_an_event_raises_by_its_colour_and_those_in_its_way(
    planted: Planted, rule: str, day: str, subject: str, colour: str
) -> None:
    told, level, share, _ = _answer(planted, rule, day)
    assert told == subject
    assert share >= BANDS[0]
    assert level == MATRIX[colour][_band(share)] != "none"


@pytest.mark.parametrize(
    ("rule", "day", "subject", "level"),
    [
        ("R12", "2021-12-11", "rainstorm", "red"),
        ("R15", "2021-10-09", "geological", "yellow"),
        ("R17", "2021-11-03", "fire", "orange"),
    ],
)
def test_a_loss_raises_by_its_share(planted: Planted, rule: str, day: str, subject: str, level: str) -> None:
    told, raised, share, evidence = _answer(planted, rule, day)
    assert (told, raised) == (subject, level)
    assert LEVELS[_band(share)] == level
    assert json.loads(evidence)["measure"] == "households"


def test_a_closure_of_fifteen_days_is_one_colour_higher(planted: Planted) -> None:
    colours = planted.struck.execute(
        "select as_of_date, max(colour_rank) from intermediate.int_region__hazard_footprint_daily "
        "where region_code = ? and hazard_code = 'epidemic' and as_of_date between '2021-11-19' and '2021-12-05' "
        "group by 1 order by 1",
        [planted.township],
    ).fetchall()
    assert [rank for _, rank in colours] == [3] * 14 + [4] * 2


def test_the_burnt_household_has_a_shock(planted: Planted) -> None:
    for database, expected in ((planted.calm, 0), (planted.struck, 1)):
        found = database.sql(
            "select count(distinct household_key) from intermediate.int_household__open_risks as risks "
            "where risk_code = '0207' and source = 'fire' and is_shock and as_of_date = '2021-11-30' "
            "and household_key in (select household_key from staging.stg_hazards__fires where fire_code = 'HZ20211102')"
        )
        assert found.fetchall() == [(expected,)]


def test_nothing_is_higher_than_yellow_where_nothing_was_planted(planted: Planted) -> None:
    high = "raw_level in ('orange', 'red') and rule_id not in ('R12', 'R13')"
    calm = planted.calm.sql(f"select count(*) from intermediate.int_rule__hazards where {high}")
    assert calm.fetchall() == [(0,)]
    elsewhere = planted.struck.execute(
        f"select distinct rule_id from intermediate.int_rule__hazards where {high} "
        "and region_code not in (?, ?) and substr(region_code, 7) <> '000000'",
        [planted.township, planted.township[:6] + "000000"],
    ).fetchall()
    assert {rule for (rule,) in elsewhere} <= {"R14"}  # the earthquake is everywhere


def test_a_region_says_its_drivers_in_chinese(planted: Planted) -> None:
    told = planted.struck.execute(
        "select as_of_date, rule_id, text_zh from intermediate.int_level__drivers_daily where region_code = ?",
        [planted.township],
    ).fetchall()
    text = {(str(day), rule): words for day, rule, words in told}
    assert text["2021-12-11", "R12"].startswith("暴雨灾情：受灾375户，占登记农户25")
    assert text["2021-10-06", "R14"].startswith("地震影响过程，受影响脆弱户")
    assert text["2021-11-21", "R18"].startswith("疫情管控影响过程，受影响脆弱户")
