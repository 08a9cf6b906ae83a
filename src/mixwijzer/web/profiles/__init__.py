"""Which mix is aimed at where: bands and caps, each with its motive."""
