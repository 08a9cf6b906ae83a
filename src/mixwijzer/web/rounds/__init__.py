"""The week round: which way does each of this week's homes go, for all of them together?"""
