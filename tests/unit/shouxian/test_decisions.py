"""`shouxian respond` and `override`: decisions of a named person, and errors that say what is possible."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from ingest.home import home
from ledger import Ledger
from ledger.decisions import override_spans, record_response, responses
from ledger.errata import errata, tell_errata
from shouxian.cli import app
from shouxian.status import approval_lines, episode_lines, erratum_lines, trace_lines
from tests.conftest import EPISODE, NOTICE
from warehouse.release import last_levels

ID = str(EPISODE["episode_id"])
RESPOND = ("respond", ID, "--owner", "水利", "--measure", "抢修泵站", "--by", "王科长")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("SHOUXIAN_HOME", str(tmp_path))
    found = Ledger(home().ledger_url)
    found.tell(EPISODE, NOTICE)
    return found


def test_an_answer_is_entered_done_and_taken_back(ledger: Ledger) -> None:
    run = CliRunner()
    assert run.invoke(app, [*RESPOND]).exit_code == 0
    assert [(r.owner_code, r.measure, r.person) for r in responses(ledger)] == [("water", "抢修泵站", "王科长")]
    assert run.invoke(app, [*RESPOND, "--done", "2022-01-04", "--evidence", "验收单"]).exit_code == 0
    assert [r.done_on for r in responses(ledger)] == [date(2022, 1, 4)]
    assert run.invoke(app, ["respond", ID, "--owner", "water", "--by", "王科长", "--withdraw"]).exit_code == 0
    assert responses(ledger) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({ID: "E0"}, ("UnknownEpisode", ID)),
        ({"水利": "航天"}, ("UnknownDepartment", "农业农村")),
        ({"抢修泵站": " "}, ("measure",)),
    ],
)
def test_what_cannot_be_entered_says_what_can(
    ledger: Ledger, changed: dict[str, str], said: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    result = CliRunner().invoke(app, [changed.get(word, word) for word in RESPOND])
    told = result.output + capsys.readouterr().out + capsys.readouterr().err
    assert result.exit_code == 1
    assert responses(ledger) == []
    assert all(word in told for word in said), told


def test_a_measure_is_not_done_on_a_day_to_come(ledger: Ledger) -> None:
    assert CliRunner().invoke(app, [*RESPOND, "--done", "2999-01-01", "--evidence", "验收单"]).exit_code == 1
    assert responses(ledger) == []


def test_status_lists_open_episodes_the_overdue_first(ledger: Ledger, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_region_risk_per_episode as select * from (values "
            f"('{ID}', '341321101000', '赵屯镇', 'orange', '橙色', date '2021-12-01', null::date, '水利', null, "
            "date '2022-01-04', 'awaiting'), "
            "('E341321102-20211201', '341321102000', '李庄镇', 'yellow', '黄色', date '2021-12-01', null, '应急', "
            "null, date '2021-12-08', 'overdue'), "
            "('E341321000-20211201', '341321000000', '砀山县', 'blue', '蓝色', date '2021-12-01', null, '应急', null, "
            "null, 'none_needed'), "
            "('E341322000-20211101', '341322000000', '萧县', 'none', '无', date '2021-11-01', date '2021-11-09', "
            "'应急', null, null, 'none_needed')) as told(episode_id, region_code, region_name, level, level_zh, "
            "opened_on, closed_on, owner_departments, response_owners, response_due_on, response_state)"
        )
    lines = [line for line in episode_lines(tmp_path, ledger) if "shouxian" not in line]
    assert [line[:4] for line in lines] == ["逾期未落", "待落实：", "另有 1"]
    assert "应由水利" in lines[1]
    record_response(ledger, ID, "water", measure="抢修泵站", person="王科长")
    assert "发布后已登记" in "".join(episode_lines(tmp_path, ledger))


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (14, "已等 0 小时 14 分"),
        (15, "已等 0 小时 15 分；逾时，应已报副职"),
        (29, "已等 0 小时 29 分；逾时，应已报副职"),
        (30, "已等 0 小时 30 分；逾时，应已报副职、正职"),
        (125, "已等 2 小时 5 分；逾时，应已报副职、正职"),
    ],
)
def test_a_red_notice_that_waits_too_long_says_who_ought_to_know(
    ledger: Ledger, tmp_path: Path, waited: int, said: str
) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("create schema policy")
        for name in ("thresholds", "documents"):
            seed = Path(__file__).parents[3] / "dbt_project/seeds/policy" / f"{name}.csv"
            con.execute(f"create table policy.{name} as from read_csv('{seed}')")
    (notice,) = ledger.notices("awaiting_approval")
    notice.level = "red"
    line = next(approval_lines(tmp_path, [notice], notice.created_at + timedelta(minutes=waited)))
    assert line.endswith(said)


@pytest.fixture
def released(ledger: Ledger, tmp_path: Path) -> Ledger:
    """A release with one county and one of its townships."""
    folder = tmp_path / "releases" / "release-1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_region_risk_level_daily as select * from (values "
            "('341321000000', '砀山县'), ('341321101000', '赵屯镇')) as told(region_code, region_name)"
        )
    (folder / "release.json").write_text('{"as_of_date": "2021-12-31"}', encoding="utf-8")
    home().current.symlink_to(folder, target_is_directory=True)
    return ledger


def test_a_level_is_overridden_and_taken_back(released: Ledger) -> None:
    run = CliRunner()
    words = ("341321101", "--level", "red", "--reason", "堤坝渗漏", "--until", "2999-12-31", "--by", "王副市长")
    assert run.invoke(app, ["override", *words]).exit_code == 0
    assert [(o.region_code, o.level) for o in override_spans(released)] == [("341321101000", "red")]
    assert run.invoke(app, ["override", "341321101", "--withdraw", "--by", "王副市长"]).exit_code == 0
    assert override_spans(released) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("999999", "--level", "red", "--until", "2999-12-31"), ("UnknownRegion", "砀山县（341321000000）")),
        (("341321", "--level", "purple", "--until", "2999-12-31"), ("orange",)),
        (("341321", "--level", "red"), ("--until",)),
        (("341321", "--withdraw"), ("no override",)),
    ],
)
def test_what_cannot_be_overridden_says_what_can(
    released: Ledger, words: tuple[str, ...], said: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    result = CliRunner().invoke(app, ["override", *words, "--reason", "堤坝渗漏", "--by", "王副市长"])
    told = result.output + capsys.readouterr().out
    assert result.exit_code == 1
    assert override_spans(released) == []
    assert all(word in told for word in said), told


def test_a_level_that_a_person_set_is_not_what_the_next_gate_falls_back_to(released: Ledger) -> None:
    with duckdb.connect(str(home().current.resolve() / "warehouse.duckdb")) as con:
        con.execute(
            "create or replace table marts.fct_region_risk_level_daily as select '341321101000' as region_code, "
            "'red' as level, 'blue' as judged_level, date '2021-12-31' as as_of_date, null::date as level_as_of_date"
        )
    assert last_levels(home(), date(2021, 12, 31))["level"].tolist() == ["blue"]
    with duckdb.connect(str(home().current.resolve() / "warehouse.duckdb")) as con:
        con.execute("alter table marts.fct_region_risk_level_daily drop judged_level")
    assert last_levels(home(), date(2021, 12, 31))["level"].tolist() == ["red"]


def test_status_and_trace_say_what_a_release_corrected(ledger: Ledger) -> None:
    told = {
        "erratum_id": "X1",
        "notice_id": NOTICE["notice_id"],
        "kind": "corrected",
        "told_level": "orange",
        "level_now": "blue",
        "level_date": date(2021, 12, 31),
        "release_id": "release-2",
        "reason": "新到或重读1批（household_register-2）",
    }
    tell_errata(ledger, [told])
    (line,) = erratum_lines(errata(ledger), "release-2")
    assert f"{NOTICE['notice_id']} 原提示橙色，现判定蓝色" in line
    assert list(erratum_lines(errata(ledger), "release-3")) == ["此前已更正 1 条（shouxian trace 提示编号）。"]
    assert "现判定蓝色" in "".join(trace_lines(str(NOTICE["notice_id"])))
