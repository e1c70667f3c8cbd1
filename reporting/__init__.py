"""From a release to people: briefing, worklists, figures that can be followed home."""
