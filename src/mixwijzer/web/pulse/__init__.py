"""How is it there this year? The round in which two people who know a place say so, unseen."""
