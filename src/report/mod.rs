//! Tables, JSON, Markdown and HTML out of the same data types.
