"""What the lab's pages show: results of the engine in words, rows, tables and charts."""
