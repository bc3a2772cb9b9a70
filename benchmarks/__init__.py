"""The big data set and the timed work: `./dev bench`, see docs/performance.md."""
