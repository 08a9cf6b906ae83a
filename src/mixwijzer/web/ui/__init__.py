"""The look of every page: base page, components, tokens, charts; knows no feature and no table."""
