"""What is so: homes, who holds a lease, what was said and counted, with two clocks."""
