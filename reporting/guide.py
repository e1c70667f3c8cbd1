"""The worklist's guide: what the list is, how it is filled in, until when, where it goes and where it comes from."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from reporting.figures import stem
from reporting.material import Material
from reporting.sheets import Workbook
from reporting.wording import LEVEL_ZH, VERDICTS, beijing_zh, date_zh, routing

A4 = 9  # the format's own number for the paper


def guide(material: Material, region_code: str, row_count: int) -> list[tuple[str, str]]:
    """Pairs of a word and what there is to say about it."""
    region = next((r for r in material.regions if r.region_code == region_code), None)
    name = material.full_name(region) if region else region_code
    duty = routing().get(region.level if region else "", {})
    within = f"{LEVEL_ZH[region.level]}地区{duty['verify_within_zh']}完成" if region and duty else "下一次月报前完成"
    known_at = beijing_zh(material.known_at)
    return [
        ("名称", f"{name}返贫致贫风险线索核查清单（统计日{date_zh(material.as_of)}，共{row_count}条）"),
        ("性质", "线索不是结论：是否纳入监测，由乡镇（街道）入户核实后按程序确定。未列入本清单的农户不等于没有风险。"),
        ("怎么填", f"黄色各列由核查人填写。核查结果从下拉列表选一项：{'、'.join(VERDICTS)}；核查日期填实际入户日期。"),
        ("报回前", "未核查的行结果和日期留空，下次再报；不要改列名、线索编号和规则编号，不要筛选或隐藏行。"),
        ("期限", f"{within}（项目默认值）。"),
        ("报回", f"另存为“核查结果_{stem(region_code)}_年月.xlsx”（年月为核查月份，如202201），送县（区）主管部门。"),
        ("来源", "由已有部门数据比对产生，不要求村组另行填报。收入、支出等数值见“观测值”，判定标准见“阈值”。"),
        ("依据", "《关于健全防止返贫动态监测和帮扶机制的实施意见（征求意见稿）》；除政策条款外的阈值为项目默认值。"),
        ("追溯", f"发布编号{material.release['release_id']}；数据截至（北京时间）{known_at}；按线索编号可查来源批次。"),
        ("保管", "内部资料，注意保存；不得转发到社交软件或公开场所。"),
    ]


def guide_sheet(book: Workbook, lines: list[tuple[str, str]]) -> None:
    """The guide as a sheet of its own."""
    sheet = book.book.add_worksheet("说明")
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 100)
    for number, (word, text) in enumerate(lines):
        sheet.set_row(number, 32)
        book.write(sheet, number, 0, word, bold=True, border=1, font_size=11)
        book.write(sheet, number, 1, text, border=1, text_wrap=True, font_size=11)
    on_paper(sheet)


def guide_below(book: Workbook, sheet: Worksheet, lines: list[tuple[str, str]], first_row: int) -> None:
    """The guide as lines under the list. Each begins with 说明, by which ingest knows that it is no row."""
    for number, (word, text) in enumerate(lines, start=first_row):
        book.write(sheet, number, 0, f"说明（{word}）：{text}")


def on_paper(sheet: Worksheet) -> None:
    """Landscape A4, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.9, bottom=0.6)
    sheet.set_footer("&L依据条款见征求意见稿，阈值除注明外为项目默认值&C第 &P 页 共 &N 页")
