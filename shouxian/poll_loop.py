"""`shouxian poll`: asks the sources once, or goes on at their contracts' cadence until it is stopped."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.errors import UnknownFeed
from ingest.home import home
from ingest.transport.declared import EVERY
from ingest.transport.errors import FeedsUnreachable
from ingest.transport.poll_log import ANSWERED, state
from shouxian import tasks

OUTCOMES = {"fetched": "新数据", "unchanged": "无变化", "failed": "失败", "refused": "拒收"}
_LOOK_AGAIN_SECONDS = 30.0


def poll_once(feeds: Collection[str]) -> Iterator[str]:
    """Polls each feed now; a line for each. Raises FeedsUnreachable after all of them if one brought nothing."""
    names = _named(feeds)
    counts = tasks.poll_feeds(None, names)
    yield from _lines(names, counts)
    lasts = {feed: state(home(), feed).last for feed in names}
    away = {feed: str(last.error_code) for feed, last in lasts.items() if last and last.outcome not in ANSWERED}
    if away:
        raise FeedsUnreachable(away)


def go_on_polling(feeds: Collection[str]) -> Iterator[str]:
    """Polls each feed whenever its cadence says; lines as they come. Ends by KeyboardInterrupt alone."""
    names = _named(feeds)
    yield f"轮询 {'、'.join(names)}；按 Ctrl-C 结束"
    while True:
        due = [feed for feed in names if due_in(feed, datetime.now(UTC)) <= timedelta()]
        if due:
            yield from _lines(due, tasks.poll_feeds(None, due))
        soonest = min(due_in(feed, datetime.now(UTC)) for feed in names).total_seconds()
        time.sleep(min(max(soonest, 1.0), _LOOK_AGAIN_SECONDS))


def due_in(feed: str, now: datetime) -> timedelta:
    """How long until the feed's next poll, counted from the last try; none if it was never asked."""
    last = state(home(), feed).last
    every = EVERY[tasks.sources_of(None, [feed])[feed].way.every]
    return last.polled_at + every - now if last else timedelta()


def _named(feeds: Collection[str]) -> list[str]:
    names = sorted(tasks.sources_of(None, feeds))
    if not names:
        raise UnknownFeed(
            "nothing to poll: polls.yml under SHOUXIAN_HOME names no feed. Write an entry, for example\n"
            "warnings_poll:\n  url: https://relay.example.cn/warnings.json\n  hosts: [relay.example.cn]"
        )
    return names


def _lines(feeds: Collection[str], counts: dict[str, Any]) -> Iterator[str]:
    for feed in feeds:
        last = state(home(), feed).last
        if last:
            why = f"（{last.error_code}）" if last.error_code else ""
            yield f"{feed}：{OUTCOMES[last.outcome]}{why}，{last.duration_ms / 1000:.1f} 秒，{last.attempts} 次请求"
    if counts.get("rejected"):
        yield f"落地拒收 {counts['rejected']} 份：留在投递目录，原因见 shouxian land"
    if counts["prompts"]:
        yield f"新的橙色、红色预警或值班报告 {counts['prompts']} 条，已提示值班员"
