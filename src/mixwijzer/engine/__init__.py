"""The engine: values in, values out; no clock, no files, no sentences a user reads.

Bottom to top: `errors` · `reasons`, `timeline` · `norms` · `portfolio` (what is so) · `account`
(who lives here, as a probability over whole households) · `dynamics` (how a mix moves by itself),
`obligations` (what was promised) · `advice` (is there room, and for whom). Each module's first
paragraph says which question it answers.
"""

ENGINE_VERSION = "1.0"
