"""`python -m shouxian`."""

from shouxian.cli import app

app(prog_name="shouxian")
