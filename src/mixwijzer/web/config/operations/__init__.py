"""Looking after an installation: keep a copy, put it back, check it, bring it up to date."""
