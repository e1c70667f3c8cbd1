"""Commands that ask how good the warning is, and what another threshold would have done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from shouxian.cli_errors import says_errors
from shouxian.progress import Steps, console

proof = typer.Typer()


@proof.command()
@says_errors
def prove(
    out: Annotated[Path, typer.Option(help="Folder to write: proof.json and proof.html.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same worlds, shocks and scores.")] = 2051,
    worlds: Annotated[
        int | None,
        typer.Option(min=1, help="So many simulated worlds of three years (some thirty shocks each). Eight if absent."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=0, help="So many random days are judged again as of then and compared. Twenty if absent."),
    ] = None,
    townships: Annotated[int | None, typer.Option(min=1, help="Townships of each world. Twenty if absent.")] = None,
    households: Annotated[int | None, typer.Option(min=1, help="Households of each township. 1500 if absent.")] = None,
    hog_prices: Annotated[
        Path | None, typer.Option(help="Real weekly hog prices (CSV: yr, wk, pg_1, …): when R19 would have opened.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month of each world, YYYY-MM.")] = None,
    threshold: Annotated[
        str | None, typer.Option(metavar="ID=VALUE", help="Score this other threshold beside, on the same worlds.")
    ] = None,
) -> None:
    """Proves the warning on shocks of known truth: does it come, in time, and not in vain?

    Writes simulated worlds whose shocks, lags and effect sizes are not those that the rules were written beside
    (proof/assumptions.py), judges every region on every day in one pass that uses each row only from the day on which
    it was known, and scores the levels beside the truth and beside simple rivals. What counts as an event, a hit and
    a false alarm was fixed beforehand (ADR 0021). A goal that is missed is said, and is no error.

    The full form takes two cores about twenty minutes. A short one:
    [bold]shouxian prove --worlds 1 --days 1 --townships 4 --households 200 --from 2020-01 --out proof-out[/bold]
    """
    from proof import assumptions as p
    from proof.page import plain_lines
    from proof.prove import prove as run_proof
    from proof.worlds import Size
    from warehouse.what_if import parse_change

    size = Size(townships or p.TOWNSHIPS, households or p.HOUSEHOLDS_PER_TOWNSHIP, first or p.FIRST_MONTH)
    record = run_proof(
        out,
        seed,
        worlds=p.WORLDS if worlds is None else worlds,
        days=p.DAYS_REPLAYED if days is None else days,
        size=size,
        hogs=hog_prices,
        change=parse_change(threshold) if threshold else None,
    )
    for line in plain_lines(record):
        sys.stdout.write(line + "\n")
    console.print(f"已写入 {out / 'proof.json'} 和 {out / 'proof.html'}")


@proof.command("what-if")
@says_errors
def what_if(
    threshold: Annotated[
        str, typer.Option(metavar="ID=VALUE", help="As in seeds/policy/thresholds.csv; ID:LEVEL=VALUE for one level.")
    ],
    run_id: Annotated[
        str | None, typer.Option("--run", help="The run to judge anew. The current release's if absent.")
    ] = None,
    officers: Annotated[
        int | None,
        typer.Option(help="People who verify, in each township. Those whom the newest grid lists name if absent."),
    ] = None,
) -> None:
    """Says what another threshold would have done: past notices, levels and work, before and after.

    Works on a copy of the run's database, rebuilds what depends on the number, and changes nothing. It cannot say
    whether the other value would have been better: for that the truth would have to be known; `shouxian prove --out DIR
    --threshold ID=VALUE` scores it where it is.

    [bold]shouxian what-if --threshold price_fall_red=0.25[/bold]
    """
    from shouxian.what_if import lines

    with Steps() as steps:
        told = list(lines(threshold, run_id, officers, steps))
    for line in told:
        sys.stdout.write(line + "\n")
