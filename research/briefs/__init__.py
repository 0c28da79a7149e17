"""A brief as a document: Markdown, a page of HTML, Word, slides and JSON. `research.brief.Brief` has a method for each."""
