"""The conventions of this repository as checks: each takes a folder and returns what is wrong in it."""
