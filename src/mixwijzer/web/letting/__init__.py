"""From a notice to a decision: first the question, then the advice, then a person decides."""
