"""Fetches one source: redirects followed by hand and checked like the first address, retries that back off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from ingest.transport.addresses import Target, resolve, split_url
from ingest.transport.errors import PollFailed, PollRefused
from ingest.transport.exchange import Answer, Deadline, exchange
from ingest.transport.settings import Source

MAX_REDIRECTS = 3
ATTEMPTS = 4
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0
AGENT = "Shouxian/1 (early warning; polls by contract)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Validators:
    """What a source said of its last answer (ETag, Last-Modified), good for that very address only."""

    url_digest: str
    etag: str | None
    last_modified: str | None
    sha256: str

    def headers(self) -> list[tuple[str, str]]:
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return [(name, value) for name, value in named if value]


@dataclass(frozen=True)
class Fetched:
    """An answer with the address that gave it, and how many attempts it took."""

    answer: Answer
    url: str
    attempts: int


def fetch(source: Source, validators: Callable[[str], Validators | None], sleep: Callable[[float], None]) -> Fetched:
    """A 200 or a 304 from the source. Raises PollRefused at once, PollFailed when the attempts are used up.

    `validators` gives what is known of an address. Server errors, timeouts and 429 are tried again; other 4xx are not.
    """
    attempts = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=pause,
        retry=retry_if_exception(lambda error: isinstance(error, PollFailed) and error.may_pass),
        sleep=sleep,
        reraise=True,
    )
    answer, url = attempts(_once, source, validators)
    return Fetched(answer, url, int(attempts.statistics["attempt_number"]))


def pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: doubling with jitter, or what the source asked for, neither above the cap."""
    backing_off = wait_exponential_jitter(
        multiplier=FIRST_PAUSE_SECONDS, max=LONGEST_PAUSE_SECONDS, jitter=FIRST_PAUSE_SECONDS
    )
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_seconds if isinstance(error, PollFailed) else None
    return min(max(backing_off(state), asked or 0.0), LONGEST_PAUSE_SECONDS)


def _once(source: Source, validators: Callable[[str], Validators | None]) -> tuple[Answer, str]:
    deadline = Deadline(source.way.timeout_seconds)
    target = split_url(source.url, source.allowed, source.feed)
    first = target.origin
    for _ in range(MAX_REDIRECTS + 1):
        # The name is looked up once a hop, inside the time limit; exchange() connects to what was found and checked.
        target = resolve(target, source.allowed, source.feed, deadline.remaining)
        answer = exchange(
            target,
            _headers(source, validators(target.url), may_carry_secret=target.origin == first),
            feed=source.feed,
            max_bytes=source.way.max_bytes,
            deadline=deadline,
            ca_bundle=source.ca_bundle,
        )
        if answer.status not in _REDIRECTS:
            check_status(answer, source.feed, target.host)
            return answer, target.url
        target = next_target(answer, target, source)
    found = f"more than {MAX_REDIRECTS} redirects"
    raise PollRefused(source.feed, found, "the data itself", "Write the last address into polls.yml.", code="redirects")


def next_target(answer: Answer, before: Target, source: Source) -> Target:
    """Where a redirect leads, checked in full. Raises PollRefused, also for a step from https down to http."""
    location = answer.headers.get("location", "")
    if not location:
        raise PollFailed(
            source.feed,
            f"a redirect of {before.host} that leads nowhere",
            "a Location header",
            "Ask the source.",
            code="redirects",
            status=answer.status,
            may_pass=False,
        )
    try:
        url = urljoin(before.url, location)
    except ValueError:
        url = location  # split_url says what is wrong with it
    refuse_downgrade(before.scheme, url, source.feed)
    return split_url(url, source.allowed, source.feed)


def refuse_downgrade(scheme: str, url: str, feed: str) -> None:
    """Raises PollRefused for a redirect from https to http, even where `insecure` opens http."""
    if scheme == "https" and url[:5].lower() == "http:":
        remedy = "Ask the source: an encrypted answer never goes on in the clear."
        raise PollRefused(feed, "a redirect from https to http", "https", remedy, code="downgrade")


def check_status(answer: Answer, feed: str, host: str) -> None:
    """Nothing for a 200 or 304. Raises PollFailed for any other; whether it may pass is in it."""
    if answer.status in {200, 304}:
        return
    passing = answer.status == 429 or answer.status >= 500
    raise PollFailed(
        feed,
        f"status {answer.status} from {host}",
        "status 200 or 304",
        "The next poll tries again."
        if passing
        else "Look whether the address in polls.yml or the credential is right.",
        code=f"http_{answer.status}",
        status=answer.status,
        may_pass=passing,
        retry_after_seconds=retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC)) if passing else None,
    )


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for (a number or an HTTP date); None if it says nothing that can be read."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max((moment - now).total_seconds(), 0.0)


def _headers(source: Source, known: Validators | None, *, may_carry_secret: bool) -> list[tuple[str, str]]:
    """A credential goes to the host that polls.yml names, and to no host that a redirect names."""
    secret = source.secret_header() if may_carry_secret else None
    return [
        ("User-Agent", AGENT),
        ("Accept", ", ".join(source.way.media_types)),
        *source.way.headers,
        *([secret] if secret else []),
        *(known.headers() if known else []),
    ]
