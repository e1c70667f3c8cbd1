"""What the system knows of, by name: feeds, rules, metrics; and the scaffold of one feed more."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from shouxian.cli_errors import says_errors
from shouxian.progress import console

catalogue = typer.Typer()
# What figures are asked by, in MetricFlow's words.
_GROUPS = {
    "month": "metric_time__month",
    "prefecture": "household_month__prefecture_code",
    "county": "household_month__county_code",
    "township": "household_month__township_code",
    "village": "household_month__village_code",
    "type": "household_month__monitored_type",
    "suggested": "household_month__suggested_type",
    "agreement": "household_month__agreement",
    "income-basis": "household_month__income_basis",
}


@catalogue.command()
@says_errors
def feeds(
    page: Annotated[
        Path | None, typer.Option(help="Write the catalogue page (Markdown) here instead, such as docs/feeds.md.")
    ] = None,
) -> None:
    """Lists every feed with its owner and cadence, from the contracts; or writes the whole catalogue as a page."""
    from shouxian import catalogue as pages

    if page:
        page.write_text(pages.page(), encoding="utf-8")
        console.print(f"已写入 {page}")
        return
    for feed, title, owner, cadence in pages.summaries():
        sys.stdout.write(f"{feed:<28}{cadence:<6}\t{title}（{owner}）\n")


@catalogue.command()
@says_errors
def rules(
    page: Annotated[
        Path | None, typer.Option(help="Write the rules page (Markdown) here instead, such as docs/rules.md.")
    ] = None,
) -> None:
    """Lists every clause of the policy with the model that answers it, or why none does; or writes the whole page."""
    from shouxian import rule_pages

    if page:
        page.write_text(rule_pages.page(), encoding="utf-8")
        console.print(f"已写入 {page}")
        return
    for rule, name, clause, model in rule_pages.summaries():
        sys.stdout.write(f"{rule:<5}{clause:<8}{name}\t{model}\n")


@catalogue.command()
@says_errors
def metrics(
    names: Annotated[list[str] | None, typer.Argument(help="Metrics; all are listed if none is named.")] = None,
    by: Annotated[list[str] | None, typer.Option(help=f"{'|'.join(_GROUPS)}. May be repeated.")] = None,
) -> None:
    """The metric dictionary (口径): lists it, or reads figures of the current release by it, as CSV.

    shouxian metrics vulnerable_households monitored_households --by month --by county
    """
    from ingest.home import home
    from warehouse import release as releases
    from warehouse.metrics import dictionary, read_metrics

    if not names:
        for name, label, version, description in dictionary():
            sys.stdout.write(f"{name:<30}v{version}  {label}：{description}\n")
        return
    if unknown := [word for word in by or () if word not in _GROUPS]:
        raise ValueError(f"--by {unknown[0]}: one of {', '.join(_GROUPS)}")
    here = home()
    folder = releases.current(here)
    if folder is None:
        raise LookupError("尚无发布：shouxian run --as-of 日期，然后 shouxian release 运行编号")
    groups = [_GROUPS[word] for word in by or ()]
    rows = read_metrics(folder / "warehouse.duckdb", here.root / "dbt", names, groups)
    writer = csv.DictWriter(sys.stdout, rows[0].keys() if rows else names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


@catalogue.command("new-feed")
@says_errors
def new_feed(
    name: Annotated[str, typer.Argument(help="Small letters, digits and _, such as school_meals.")],
    title: Annotated[str, typer.Option(help="What the file is called, in Chinese.")],
    owner: Annotated[str, typer.Option(help="The office that sends it.")],
    headers: Annotated[str, typer.Option(help="The file's headings in order, separated by commas: 统计月份,姓名,…")],
    semantics: Annotated[
        str, typer.Option(help="What a delivery means: snapshot, increment, cumulative or restatement.")
    ] = "snapshot",
    every: Annotated[str, typer.Option(help="How often: h, d, w, m or y.")] = "m",
    file_format: Annotated[str, typer.Option("--format", help="csv or xlsx.")] = "csv",
) -> None:
    """Scaffolds a feed: contract, a good and a broken example file, staging model. Then: fill the contract's words."""
    from shouxian.new_feed import Draft, scaffold

    headings = tuple(h.strip() for h in headers.replace("，", ",").split(",") if h.strip())
    draft = Draft(name, title, owner, headings, semantics, every, file_format)
    for path in scaffold(draft, Path.cwd()):
        console.print(f"已写入 {path.relative_to(Path.cwd())}")
    console.print("下一步：补全合同里的说明、主键和取值，核对字段英文名与类型，然后 make check。")
