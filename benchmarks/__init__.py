"""What the program costs. Run one with `python -m benchmarks.bench_pages`, all with `make bench`; see README.md."""
