"""Gates at two borders: a landed load, and a mart before release."""
