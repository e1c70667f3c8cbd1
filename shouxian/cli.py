"""The command `shouxian`: every task of the schedule by hand, and questions to what it left behind."""

from __future__ import annotations

import secrets
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shouxian.cli_catalogue import catalogue
from shouxian.cli_errors import says_errors
from shouxian.cli_proof import proof
from shouxian.progress import Steps, console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help=(
        "守线 Shouxian: warns of large-scale relapse into poverty before it happens.\n\n"
        "State lives under SHOUXIAN_HOME (./var). The usual way: "
        "[bold]simulate[/bold] (or real files) → [bold]land[/bold] → [bold]run[/bold] → [bold]release[/bold] → "
        "[bold]status[/bold], and [bold]trace[/bold] follows any number home."
    ),
)
vault = typer.Typer(no_args_is_help=True, help="The encrypted zone: deliveries, quarantined rows, names.")
app.add_typer(vault, name="vault")
app.add_typer(catalogue)
app.add_typer(proof)
# Demo world: five whole townships of 122, one per county.
DEMO_SCALE = 5 / 122


@app.command()
@says_errors
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write: inbox/, inbox/arrivals.csv and truth/.")],
    seed: Annotated[
        int | None, typer.Option(help="The same seed gives the same bytes. Random, and said, if absent.")
    ] = None,
    scale: Annotated[float, typer.Option(help="1 = 1.5 million households; below 1 whole townships.")] = DEMO_SCALE,
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "2020-01",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "2021-12",
    shocks: Annotated[
        bool, typer.Option("--shocks/--no-shocks", help="Strike one shock of household consequence.")
    ] = True,
    dirt: Annotated[float, typer.Option(help="Share of rows spoilt as real files are, 0 to 1.")] = 0.0,
) -> None:
    """Writes a prefecture that never was, in the departments' own file formats, with its truth beside it."""
    from simulation import simulate as write

    seed = secrets.randbelow(10**6) if seed is None else seed
    console.print(f"随机种子 {seed}")
    with Steps() as steps:
        world = write(
            out,
            scale=scale,
            seed=seed,
            first_month=first,
            last_month=last,
            shocks=shocks,
            dirt=dirt,
            progress=steps.share,
        )
    console.print(f"已写入 {world.inbox}（到达清单 {world.arrivals}，真值 {world.truth}）")


@app.command()
@says_errors
def land(
    inbox: Annotated[Path, typer.Option(help="Folder with one sub-folder per feed.")],
    arrivals: Annotated[
        Path | None,
        typer.Option(help="CSV file,received_at: lands old files at their true times. inbox/arrivals.csv if absent."),
    ] = None,
) -> None:
    """Lands deliveries: kept encrypted, read in a sandbox, keyed, and counted row by row."""
    from ingest.home import home
    from ingest.landing import land as land_folder
    from shouxian import tasks

    with Steps() as steps:
        landed = land_folder(
            inbox,
            home=home(),
            arrivals=arrivals,
            progress=lambda what, n, of: steps.share(f"落地 {what}", n / max(of, 1)),
        )
    console.print("  ".join(f"{name} {count}" for name, count in landed.counts.items()))
    if prompts := tasks.keep_prompts(home(), landed):
        console.print(f"待核：橙色、红色预警或值班报告 {len(prompts)} 条；受影响户名单：shouxian exposed")
    for name in landed.skipped:
        console.print(f"[dim]略过[/dim] {name}")
    for error in landed.rejected:
        console.print(f"[red]拒收[/red] {type(error).__name__}", end=" ")
        console.print(str(error), markup=False)
    if landed.rejected:
        raise typer.Exit(1)


@app.command()
@says_errors
def poll(
    feeds: Annotated[
        list[str] | None, typer.Argument(metavar="FEED", help="Only these; all of polls.yml if absent.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Ask each once, now, and end; 1 if one brought nothing.")
    ] = False,
) -> None:
    """Asks the sources named in SHOUXIAN_HOME/polls.yml, keeps every answer, and lands what is new.

    Without --once it goes on until Ctrl-C, each feed at the cadence of its contract (`make up` does the same on
    schedule). An entry is the feed's name with url, hosts (every host that may be asked, redirects included) and, for
    inner offices, networks, ca_bundle, header; docs/runbooks/polls.md shows one. What fails is on record and asked for
    again: `shouxian status` says since when. A source that is away ends no warning.
    """
    from shouxian.poll_loop import go_on_polling, poll_once

    for line in poll_once(feeds or ()) if once else go_on_polling(feeds or ()):
        console.print(line, markup=False)


@app.command("land-again")
@says_errors
def land_again_command(
    feeds: Annotated[list[str] | None, typer.Argument(help="The feeds; all, if none is named.")] = None,
    load: Annotated[list[str] | None, typer.Option(help="Only this load. May be repeated.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Loads without a quarantined row as well.")] = False,
) -> None:
    """Reads kept deliveries again, after a contract or a correction was mended: those refused or partly quarantined.

    What comes out otherwise supersedes the old load from now on; earlier runs stay as they were.
    """
    from ingest.again import land_again
    from ingest.home import home

    with Steps() as steps:
        result = land_again(
            home(),
            feeds=feeds or (),
            load_ids=load or (),
            everything=everything,
            progress=lambda what, n, of: steps.share("重读", n / max(of, 1)),
        )
    for receipt in result.changed:
        console.print(
            f"已更新 {receipt.load_id}：接收 {receipt.accepted}，隔离 {receipt.quarantined}"
            + (f"（替代 {receipt.facts['supersedes']}）" if "supersedes" in receipt.facts else "（原为拒收）")
        )
    console.print(f"更新 {len(result.changed)} 批，不变 {len(result.unchanged)} 批，仍拒收 {len(result.refused)} 批")
    for error in result.refused:
        console.print(str(error), markup=False)
    for load_id in result.forgotten:
        console.print(f"原件未留存或已销毁：{load_id}（请重新报送）")


@app.command()
@says_errors
def migrate() -> None:
    """Brings the landing to this program's format. Rows, counts and times stay; run once after an upgrade."""
    from ingest.again import migrate as bring_up
    from ingest.home import home

    with Steps() as steps:
        read_anew, padded = bring_up(home(), lambda what, n, of: steps.share("迁移落地格式", n / max(of, 1)))
    console.print(f"按原件重读 {read_anew} 批；仅补空列 {padded} 批（shouxian land-again --all 可补齐）")


@app.command()
@says_errors
def run(
    as_of: Annotated[str, typer.Option(help="The day to judge, YYYY-MM-DD.")],
    known_at: Annotated[
        str | None,
        typer.Option(
            help="Use only what had arrived by then (ISO 8601; Beijing time if it names no zone). Now if absent."
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Run without this mandatory feed; shown as withheld. May be repeated.")
    ] = None,
) -> None:
    """Builds the warehouse for a day and puts the gates to it. Prints the run's id; publishes nothing."""
    from shouxian import tasks

    with Steps() as steps:
        run_id = tasks.build_run(as_of, known_at, without or (), steps)
        counts = tasks.gate_run(run_id, steps)
    console.print("闸门：" + "  ".join(f"{name} {count}" for name, count in counts.items()))
    sys.stdout.write(run_id + "\n")


@app.command()
@says_errors
def release(run_id: Annotated[str, typer.Argument(help="As printed by `shouxian run`.")]) -> None:
    """Publishes a gated run: exports, briefing, worklists, notices, and the switch of var/current. Also rolls back."""
    from shouxian import tasks

    with Steps() as steps:
        release_id = tasks.release_run(run_id, steps)
    sys.stdout.write(release_id + "\n")


@app.command()
@says_errors
def status() -> None:
    """Says what is current, which regions stand at which level, what is unknown, and what awaits a person."""
    from shouxian.status import lines

    for line in lines():
        sys.stdout.write(line + "\n")


@app.command()
@says_errors
def trace(
    identifier: Annotated[
        str,
        typer.Argument(metavar="ID", help="Figure, lead, household, load, notice, run or release; or `household KEY`."),
    ],
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="After `household`: its key.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="With `household KEY`: its story on this day, YYYY-MM-DD; the newest if absent.")
    ] = None,
) -> None:
    """Follows a number home: recomputes it, and prints rule, clause, rows, and the loads with their hashes.

    `trace household KEY` tells one month of a household: members, income, guarantees, risks, every rule's answer.
    """
    from shouxian.status import household_lines, trace_lines

    if (identifier == "household") != (key is not None) or (as_of and key is None):
        raise ValueError("say `trace ID`, or `trace household KEY [--as-of YYYY-MM-DD]`")
    told = (
        trace_lines(identifier) if key is None else household_lines(key, date.fromisoformat(as_of) if as_of else None)
    )
    for line in told:
        sys.stdout.write(line + "\n")


@app.command()
@says_errors
def approve(
    notice_id: Annotated[str, typer.Argument(help="As listed by `shouxian status`.")],
    by: Annotated[str, typer.Option(help="Your name: it is frozen with the notice.")],
    reject: Annotated[bool, typer.Option("--reject", help="Hold the notice back instead.")] = False,
    note: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """A named person lets a notice out, or holds it back."""
    from shouxian import tasks

    tasks.record_approval(notice_id, "rejected" if reject else "approved", by, note)
    console.print(f"{notice_id} {'已退回' if reject else '已批准'}（{by}）")


@app.command()
@says_errors
def respond(
    episode_id: Annotated[str, typer.Argument(help="The episode (E…), as listed by `shouxian status`.")],
    owner: Annotated[str, typer.Option(help="The department that answers it, by code or name.")],
    by: Annotated[str, typer.Option(help="Your name: it stays in the ledger.")],
    measure: Annotated[str, typer.Option(help="What is done; no names of households.")] = "",
    done: Annotated[str | None, typer.Option(help="The day on which it was done, YYYY-MM-DD.")] = None,
    evidence: Annotated[str, typer.Option(help="What shows it: a document's name or number.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take this department's answer back instead.")] = False,
) -> None:
    """Puts on record which department answers an episode with which measure (R26). A later entry replaces it."""
    from shouxian.decisions import respond as enter

    due = enter(episode_id, owner, measure, by, done=done, evidence=evidence, withdraw=withdraw)
    what = "已撤回" if withdraw else "已完成" if done else "已登记"
    console.print(f"{episode_id} {owner}{what}（{by}）；期限 {due or '未知或不需处置'}，下次计算起计入")


@app.command()
@says_errors
def override(
    region_code: Annotated[str, typer.Argument(help="The region, 6, 9 or 12 digits.")],
    by: Annotated[str, typer.Option(help="Your name: it stays in the ledger.")],
    level: Annotated[str | None, typer.Option(help="none, blue, yellow, orange or red.")] = None,
    reason: Annotated[str, typer.Option(help="Why; told beside the level, so no names.")] = "",
    until: Annotated[str | None, typer.Option(help="Its last day, YYYY-MM-DD.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the override in force back instead.")] = False,
) -> None:
    """A named person sets a region's level, up or down, from today until a day; the judged level stays beside it."""
    from shouxian.decisions import override as enter

    override_id = enter(region_code, level, reason, until, by, withdraw=withdraw)
    what = "已撤回" if withdraw else f"调整为 {level}，至 {until}"
    console.print(f"{override_id} {what}（{by}）：下次计算起使用")


@app.command()
@says_errors
def accept(
    load_id: Annotated[str, typer.Argument(help="The load that the landing gate holds back, as `status` names it.")],
    by: Annotated[str, typer.Option(help="Your name: it stands in the ledger.")],
    reason: Annotated[str, typer.Option(help="Why its size is right after all.")],
) -> None:
    """A named person lets in a load whose size the gate does not believe. The next run uses it."""
    from shouxian import tasks

    tasks.accept_gate(load_id, by, reason)
    console.print(f"{load_id} 已放行（{by}）：下次计算起使用")


@app.command()
@says_errors
def worklist(
    region_code: Annotated[str, typer.Argument(help="Township, 9 or 12 digits.")],
    out: Annotated[Path, typer.Option(help="The .xlsx to write, with household numbers and names.")],
    by: Annotated[str, typer.Option(help="Who asks: kept in the audit log.")],
    purpose: Annotated[str, typer.Option(help="What for: kept in the audit log; without one it is refused.")],
) -> None:
    """Writes a township's worklist with names, for the people who go and look. Every use is put on record."""
    from shouxian.named import write_named_worklist

    rows = write_named_worklist(region_code, out, by=by, purpose=purpose)
    console.print(f"已写入 {out}：{rows} 户（含姓名，仅供核查；已记录调阅）")


@app.command()
@says_errors
def exposed(
    prompt_id: Annotated[str | None, typer.Argument(help="A prompt; without one, all are shown.")] = None,
    out: Annotated[Path | None, typer.Option(help="The .xlsx to write, with names and telephones.")] = None,
    by: Annotated[str, typer.Option(help="Who asks: kept in the audit log.")] = "",
    purpose: Annotated[str, typer.Option(help="What for: kept in the audit log; without one it is refused.")] = "",
) -> None:
    """Whom an orange or red warning or a duty report puts at risk, by village, with whom to call.

    The lists without names are written within minutes of the arrival, by schedule, from the current release.
    """
    from shouxian import exposed as lists

    if prompt_id is None:
        lists.write_lists()
        for line in lists.lines():
            sys.stdout.write(line + "\n")
        return
    if out is None:
        raise typer.BadParameter("name the file to write: --out FILE.xlsx", param_hint="--out")
    rows = lists.write_named_list(prompt_id, out, by=by, purpose=purpose)
    console.print(f"已写入 {out}：{rows} 户（含姓名和电话，仅供核查；已记录调阅）")


@vault.command()
@says_errors
def rotate() -> None:
    """Makes a new master key and brings every data key under it. Interrupted, it goes on where it ended."""
    from ingest.home import home
    from ingest.landing import alone
    from ingest.master_key import rotate as rotate_master

    with alone(home()), Steps() as steps:
        count = rotate_master(home(), progress=lambda n, of: steps.share("重新封装数据密钥", n / max(of, 1)))
    console.print(f"主密钥已更换，{count} 个数据密钥已重新封装；请立即备份新的主密钥")


@app.command()
@says_errors
def demo(
    seed: Annotated[int | None, typer.Option(help="Random, and said, if absent.")] = None,
    shocks: Annotated[bool, typer.Option("--shocks/--no-shocks")] = True,
) -> None:
    """The main job on a simulated prefecture: what `make run` does."""
    from shouxian.demo import run_demo

    run_demo(secrets.randbelow(10**6) if seed is None else seed, shocks=shocks)


@app.command()
@says_errors
def up(
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Starts the schedule (Airflow's web page, scheduler and triggerer) on this machine until Ctrl-C."""
    from ingest.home import home
    from shouxian.airflow_serve import serve

    serve(home().root, port=port, host=host)
