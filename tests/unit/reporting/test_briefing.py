"""The briefing: every number is a figure, every figure recomputes, nothing unknown is left out."""

import csv
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from docx import Document
from docx.oxml.ns import qn

from reporting import briefing
from reporting.figures import Value, evaluate
from reporting.paper import FIGURE_STYLE, MARK_STYLE
from reporting.wording import amount_zh, beijing_zh, clause_zh, routing

from .conftest import HOUSEHOLDS, NOTICE, REGIONS

RAISED = [r for r in REGIONS if r[3] in {"blue", "yellow", "orange", "red"}]
# What may show digits without being a figure: days and hours, numbered clauses and rules, ids, names of windows.
NOT_FIGURES = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日(\d\d:\d\d)?|〔\d{4}〕第\d+期|\bR\d\d|规则R\d\d|F[0-9a-f]{10}|近30日|此前30日"
    r"|附件\d|发布编号：[^；]+|程序版本：[^；]+|阈值版本：[^。]+|N\d{9}-\d{8}-\w+|E\d{9}-\d{8}|\d{4}年没有生效|/30日|/12个月"
)


def paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def text_of(path: Path) -> str:
    return "\n".join(p.text for p in paragraphs(Document(str(path))))


def unquoted_numbers(path: Path) -> list[str]:
    """Text with digits that no figure accounts for; the list of figures at the end is left out."""
    document = Document(str(path))
    clocks = [w for row in routing().values() for w in row.values()]
    found = []
    for paragraph in [*document.paragraphs, *(p for t in document.tables[:-1] for p in _cells(t))]:
        rest = "".join(run.text for run in paragraph.runs if run.style.name not in {FIGURE_STYLE, MARK_STYLE})
        for clock in clocks:
            rest = rest.replace(clock, "")
        rest = NOT_FIGURES.sub("", rest)
        if re.search(r"\d", rest):
            found.append(paragraph.text)
    return found


def _cells(table: Any) -> Iterator[Any]:
    for row in table.rows:
        for cell in row.cells:
            yield from cell.paragraphs


@pytest.fixture
def written(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> Path:
    briefing.write(tmp_path / "briefing.docx", warehouse, release, [NOTICE])
    return tmp_path / "briefing.docx"


def rewritten(tmp_path: Path, warehouse: Path, release: dict[str, Any], *statements: str) -> str:
    """The briefing's text after the warehouse was changed."""
    with duckdb.connect(str(warehouse)) as con:
        for statement in statements:
            con.execute(statement)
    briefing.write(tmp_path / "changed.docx", warehouse, release, [])
    return text_of(tmp_path / "changed.docx")


def test_every_figure_recomputes_from_the_warehouse(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    registry = briefing.write(tmp_path / "b.docx", warehouse, release, [NOTICE])
    assert len(registry.figures) > 40
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for figure in registry.figures.values():
            assert evaluate(con, figure.sql) == figure.value, figure.key


def test_totals_equal_a_count_by_hand(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    figures = briefing.write(tmp_path / "b.docx", warehouse, release, []).figures
    townships = [r for r in RAISED if r[2] == "township"]
    assert figures["raised|exposed_household_count|township"].value == sum(r[6] for r in townships) == 350
    assert figures["raised|vulnerable_household_count|township"].value == sum(r[7] for r in townships) == 3000
    assert figures["raised|new_lead_count_30d|township"].value == 55
    assert figures["leads|count(*)"].value == 3, "the base line is stock, not a lead"
    assert figures["unknown_findings|R09"].value == len(HOUSEHOLDS)


def test_no_number_stands_without_a_figure(written: Path) -> None:
    assert unquoted_numbers(written) == []


def test_every_shown_mark_is_in_the_list_of_figures(written: Path) -> None:
    document = Document(str(written))
    marks = {r.text.strip("[]") for p in paragraphs(document) for r in p.runs if r.style.name == MARK_STYLE}
    listed = {row.cells[0].text: row.cells[1].text for row in document.tables[-1].rows[1:]}
    assert marks == set(listed)
    assert all(re.fullmatch(r"F[0-9a-f]{10}", trace_id) for trace_id in listed.values())


def test_it_says_what_it_must_and_never_what_it_must_not(written: Path) -> None:
    text = text_of(written)
    for phrase in (
        "防止规模性返贫风险提示专报", "内部资料 注意保存", "风险提示等级", "征求意见稿", "项目默认值", "待批准",
        "一、总体判断", "二、需要关注的地区", "三、主要风险点", "四、尚不掌握的情况", "五、建议", "附件1", "附件2",
        "引用标准《完善政府猪肉储备调节机制", "2022年1月1日00:00",
    ):  # fmt: skip
        assert phrase in text, phrase
    assert "预警信号" not in text
    assert "发布预警" not in text
    for key in HOUSEHOLDS:
        assert key[:8] not in text, "a briefing names no household"


def test_raised_regions_stand_with_level_keys_reason_and_change(written: Path) -> None:
    table = Document(str(written)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert [row[0] for row in rows] == ["砀山县赵屯镇", "砀山县", "砀山县李庄镇", "宿州市"]
    assert rows[0][1:4] == ["红色", "橙色", "橙色"]
    assert "低24.2%" in rows[0][4]
    assert rows[0][5].startswith("300[")
    assert rows[0][6] == "新增提示"
    assert rows[2][6] == "由橙色下降"


def test_what_is_unknown_late_missing_or_withheld_is_told(written: Path) -> None:
    gaps = next(table for table in Document(str(written)).tables if table.rows[0].cells[0].text == "事项")
    cells = [cell.text for row in gaps.rows for cell in row.cells]
    text = "\n".join(cells)
    assert re.search(r"等级未知的乡镇1\[\d+\]个", text)
    assert "萧县1个" in text
    assert "没有农户登记数据" in text
    assert "易地搬迁集中安置点月报逾期" in text
    assert "不予采用：按运行参数不使用" in text
    assert "从未收到" in text
    assert "规则R09（收入低于监测线）" in text


def test_without_a_line_the_gap_is_told(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    text = rewritten(
        tmp_path, warehouse, release, "delete from policy.thresholds where threshold_id = 'monitoring_line'"
    )
    assert "监测线缺失：2021年没有生效的监测范围标准" in text


def test_a_quiet_month_is_said_to_be_one_and_unknown_stays(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    text = rewritten(
        tmp_path,
        warehouse,
        release,
        "update marts.fct_region_risk_level_daily set level = 'none', level_zh = '无', top_drivers = '[]' "
        "where level <> 'unknown'",
    )
    assert "没有达到蓝色及以上的地区" in text
    assert "本期没有风险提示等级达到蓝色及以上的地区" in text
    assert "等级未知，不能视为无风险" in text


def test_a_withheld_region_shows_the_day_of_its_level(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    release["gates"] = [{"region_code": "341321101000", "product": "regional_risk", "outcome": "withhold"}]
    text = rewritten(
        tmp_path,
        warehouse,
        release,
        "update marts.fct_region_risk_level_daily set is_withheld = true, level_as_of_date = date '2021-12-01', "
        "top_drivers = '[]', drivers_zh = null "
        "where region_code = '341321101000'",
    )
    assert "红色（沿用2021年12月1日等级）" in text
    assert "本期未通过发布检查，沿用上次等级" in text
    assert "未通过发布检查" in text


def test_a_region_raised_by_those_below_it_says_so(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    text = rewritten(
        tmp_path,
        warehouse,
        release,
        "insert into policy.cautions values ('level_raised_by_children', '等级由下级地区推高')",
        "update marts.fct_region_risk_level_daily set top_drivers = '[]', drivers_zh = null, "
        "cautions = 'level_raised_by_children' where region_code = '341300000000'",
    )
    assert "等级由下级地区推高" in text


def test_a_long_table_says_how_many_more(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    text = rewritten(
        tmp_path,
        warehouse,
        release,
        "insert into marts.fct_region_risk_level_daily by name select fct_region_risk_level_daily.* replace ("
        "'3413215' || lpad(n::varchar, 2, '0') || '000' as region_code) "
        "from marts.fct_region_risk_level_daily, range(30) as numbers(n) where region_code = '341321102000'",
    )
    assert "其余14个" in re.sub(r"\[\d+\]", "", text)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    for name in ("a", "b"):
        briefing.write(tmp_path / name, warehouse, release, [NOTICE])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = Document(str(tmp_path / "a")).core_properties
    assert properties.author == properties.last_modified_by == "守线"
    assert properties.created is not None
    assert properties.created.date().isoformat() == "2021-12-31"


def test_the_sheet_is_an_official_one(written: Path) -> None:
    document = Document(str(written))
    section = document.sections[0]
    assert [round(m.mm) for m in (section.page_width, section.page_height) if m is not None] == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(m.mm) for m in margins if m is not None] == [37, 28, 26, 35]
    normal = document.styles["Normal"]
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)
    fonts = {r.element.rPr.rFonts.get(qn("w:eastAsia")) for p in paragraphs(document) for r in p.runs}
    assert fonts == {"方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"}


@pytest.mark.needs("soffice", "pdftotext")
def test_an_office_program_prints_it_on_a4_with_every_part(written: Path, tmp_path: Path) -> None:
    convert = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf"]
    subprocess.run([*convert, "--outdir", str(tmp_path), str(written)], check=True, capture_output=True, timeout=120)
    pdf = written.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=60).stdout
    for phrase in ("防止规模性返贫风险提示专报", "一、总体判断", "四、尚不掌握的情况", "附件2"):
        assert phrase in re.sub(r"\s", "", text), phrase
    facts = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True, timeout=60).stdout
    assert "A4" in facts
    assert 5 < int(re.findall(r"Pages:\s+(\d+)", facts)[0]) < 15


def test_no_judged_region_is_an_error(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    release["as_of_date"] = "2020-01-01"
    with pytest.raises(ValueError, match="nothing to brief"):
        briefing.write(tmp_path / "b.docx", warehouse, release, [])


@pytest.mark.parametrize(
    ("value", "unit", "parameter", "shown"),
    [
        ("0.2417", "ratio", "", "24.2%"),
        ("5.57", "ratio", "hog_grain_ratio_below", "5.57:1"),
        (6, "ratio", "hog_grain_ratio_below", "6:1"),
        ("1.5", "ratio", "worsening_from", "1.5倍"),
        (48, "households", "", "48户"),
        (None, "households", "", "未知"),
        (6000, "CNY/person-year", "", "6000元/人·年"),
    ],
)
def test_amounts_are_said_as_an_official_says_them(value: Value, unit: str, parameter: str, shown: str) -> None:
    assert amount_zh(value, unit, parameter) == shown


def test_clauses_and_times_are_in_chinese() -> None:
    assert clause_zh("§2(3)") == "第二部分第（三）项"
    assert clause_zh("level 2") == "二级"
    assert beijing_zh(datetime(2021, 12, 31, 16, 0, tzinfo=UTC)) == "2022年1月1日00:00"


def test_a_level_that_a_person_set_is_said_beside_it_and_is_no_risk_of_its_own(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    words = "人工调整：由无调整为橙色，有效期至2022-01-31，理由：堤坝渗漏"
    driver = (
        f'[{{"dimension":"override","rule_id":"R25","subject":"O341322101-1","level":"orange","text_zh":"{words}"}}]'
    )
    text = rewritten(
        tmp_path,
        warehouse,
        release,
        "update marts.fct_region_risk_level_daily set level = 'orange', level_zh = '橙色', top_drivers = "
        f"'{driver}', drivers_zh = '{words}' where region_code = '341322101000' and as_of_date = '2021-12-31'",
    )
    assert words[:10] in text
    figures = text.rpartition("三、主要风险点")
    assert "人工调整" not in figures[2].partition("四、尚不掌握的情况")[0]


def test_the_clocks_of_the_routing_are_those_of_the_seed() -> None:
    seed = Path(__file__).parents[3] / "dbt_project" / "seeds" / "policy" / "thresholds.csv"
    with seed.open(encoding="utf-8", newline="") as lines:
        clocks = {row["threshold_id"]: int(float(row["value"])) for row in csv.DictReader(lines)}
    said = routing()
    assert said["yellow"]["verify_within_zh"] == f"{clocks['response_yellow']}个工作日内"
    assert said["orange"]["verify_within_zh"] == f"{clocks['response_orange']}个工作日内"
    assert (clocks["response_red"], said["red"]["verify_within_zh"]) == (0, "当日")
    deputy, head = (clocks[f"approval_{who}_orange"] // 60 for who in ("deputy", "head"))
    assert said["orange"]["approve_within_zh"] == f"{deputy}小时内报副职，{head}小时内报正职"
    deputy, head = (clocks[f"approval_{who}_red"] for who in ("deputy", "head"))
    assert said["red"]["approve_within_zh"] == f"{deputy}分钟内报副职，{head}分钟内报正职"
