"""A brief written down: Markdown, HTML, Word, slides and JSON; `research.brief.Brief` has a method for each."""
